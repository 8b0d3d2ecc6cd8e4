package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Semantic versions and what they have to be.
final class Versions {

  private static final String OPERATOR = "(=|!=|>|<|>=|=>|<=|=<|~|~>|\\^)?";
  private static final String NUMBER = "([0-9]+|x|X|\\*)";

  private static final String VERSION =
      "v?"
          + NUMBER
          + "(\\."
          + NUMBER
          + ")?(\\."
          + NUMBER
          + ")?(-([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?(\\+([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?";

  private static final Pattern ONE = Pattern.compile(OPERATOR + "\\s*(" + VERSION + ")");

  private static final Pattern MANY =
      Pattern.compile(
          "\\s*(" + ONE.pattern() + ")\\s*((?:\\s+|,\\s*)" + ONE.pattern() + "\\s*)*\\s*");

  private static final Pattern RANGE =
      Pattern.compile("\\s*(" + VERSION + ")\\s+-\\s+(" + VERSION + ")\\s*");

  private Versions() {}

  static List<Function> functions() {
    return List.of(
        Function.of("semver", call -> Version.parse(call.text(0)), STRING),
        Function.of("semverCompare", Versions::compare, STRING, STRING));
  }

  /// What a version has to be.
  ///
  /// @param minor whether it says which minor version
  /// @param patch whether it says which patch version
  private record Constraint(
      String operator, Version version, boolean any, boolean minor, boolean patch) {}

  private static boolean compare(Call call) {
    String text = call.text(0);
    if (text.length() > 1000) {
      throw new CallException("improper constraint: " + text);
    }
    List<List<Constraint>> alternatives = new ArrayList<>();
    for (String part : ranges(text).split("\\|\\|", -1)) {
      alternatives.add(constraints(part));
    }
    Version version = Version.parse(call.text(1));
    return alternatives.stream().anyMatch(all -> all.stream().allMatch(c -> allows(c, version)));
  }

  /// `1.2 - 2` is `>= 1.2, <= 2`.
  private static String ranges(String text) {
    Matcher range = RANGE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (range.find()) {
      String both = ">= " + range.group(1) + ", <= " + range.group(13);
      range.appendReplacement(out, Matcher.quoteReplacement(both));
    }
    return range.appendTail(out).toString();
  }

  private static List<Constraint> constraints(String text) {
    if (!MANY.matcher(text).matches()) {
      throw new CallException("improper constraint: " + text);
    }
    List<Constraint> found = new ArrayList<>();
    Matcher matcher = ONE.matcher(text);
    while (matcher.find()) {
      found.add(constraint(matcher));
    }
    return found;
  }

  private static Constraint constraint(Matcher matcher) {
    String operator = matcher.group(1) == null ? "" : matcher.group(1);
    String prerelease = matcher.group(8) == null ? "" : matcher.group(8);
    boolean any = isAny(matcher.group(3));
    boolean minor = !any && matcher.group(5) != null && !isAny(matcher.group(5));
    boolean patch = minor && matcher.group(7) != null && !isAny(matcher.group(7));
    String version =
        any
            ? "0.0.0"
            : matcher.group(3)
                + "."
                + (minor ? matcher.group(5) : "0")
                + "."
                + (patch ? matcher.group(7) : "0")
                + prerelease;
    return new Constraint(operator, Version.parse(version), any, minor, patch);
  }

  private static boolean isAny(@Nullable String number) {
    return number != null && (number.equals("*") || number.equalsIgnoreCase("x"));
  }

  private static boolean allows(Constraint wanted, Version version) {
    boolean exact = wanted.patch();
    Version bound = wanted.version();
    boolean unexpected = !version.prerelease().isEmpty() && bound.prerelease().isEmpty();
    boolean unequal = wanted.operator().equals("!=");
    if (unexpected && !(unequal && exact)) {
      return false;
    }
    int order = version.compareTo(bound);
    return switch (wanted.operator()) {
      case "", "=" -> exact ? order == 0 : tilde(wanted, version);
      case "!=" -> exact ? order != 0 : !same(wanted, version);
      case ">" -> exact ? order > 0 : order > 0 && !same(wanted, version);
      case "<" -> order < 0;
      case ">=", "=>" -> order >= 0;
      case "<=", "=<" -> exact ? order <= 0 : order <= 0 || same(wanted, version);
      case "^" -> caret(wanted, version);
      default -> tilde(wanted, version);
    };
  }

  /// Whether a version is one of those that a constraint without all numbers stands for.
  private static boolean same(Constraint wanted, Version version) {
    Version bound = wanted.version();
    return wanted.any()
        || version.major() == bound.major()
            && (!wanted.minor() || version.minor() == bound.minor());
  }

  private static boolean tilde(Constraint wanted, Version version) {
    Version bound = wanted.version();
    if (version.compareTo(bound) < 0) {
      return false;
    }
    boolean zero = bound.major() == 0 && bound.minor() == 0 && bound.patch() == 0;
    boolean unbounded = wanted.any() || zero && wanted.patch();
    return unbounded
        || version.major() == bound.major()
            && (!wanted.minor() || version.minor() == bound.minor());
  }

  private static boolean caret(Constraint wanted, Version version) {
    Version bound = wanted.version();
    if (wanted.any()) {
      return true;
    }
    if (version.compareTo(bound) < 0 || version.major() != bound.major()) {
      return false;
    }
    if (bound.major() > 0 || !wanted.minor()) {
      return true;
    }
    if (version.minor() != bound.minor()) {
      return false;
    }
    return bound.minor() > 0 || !wanted.patch() || version.patch() == bound.patch();
  }
}
