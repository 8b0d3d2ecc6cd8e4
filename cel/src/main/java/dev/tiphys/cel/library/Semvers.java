package dev.tiphys.cel.library;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Opaque;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Type;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Semantic versions.
final class Semvers {

  private static final Type TYPE = Type.opaque("kubernetes.Semver");
  private static final String NUMBER = "(0|[1-9][0-9]*)";
  private static final String WORDS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
  private static final Pattern FORM =
      Pattern.compile(
          NUMBER
              + "\\."
              + NUMBER
              + "\\."
              + NUMBER
              + "(?:-("
              + WORDS
              + "))?(?:\\+("
              + WORDS
              + "))?");

  private Semvers() {}

  /// @param before what makes it come before the version of the same numbers
  /// @param build tells builds of the same version apart, not their order
  record Semver(long major, long minor, long patch, List<String> before, String build)
      implements Opaque, Comparable<Semver> {

    @Override
    public Type type() {
      return TYPE;
    }

    @Override
    public int compareTo(Semver other) {
      int order = Long.compareUnsigned(major, other.major);
      order = order != 0 ? order : Long.compareUnsigned(minor, other.minor);
      order = order != 0 ? order : Long.compareUnsigned(patch, other.patch);
      if (order != 0 || before.equals(other.before)) {
        return order;
      }
      if (before.isEmpty() || other.before.isEmpty()) {
        return before.isEmpty() ? 1 : -1;
      }
      for (int i = 0; i < Math.min(before.size(), other.before.size()); i++) {
        order = compareWords(before.get(i), other.before.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(before.size(), other.before.size());
    }

    private static int compareWords(String one, String other) {
      boolean numbers = isNumber(one);
      if (numbers != isNumber(other)) {
        return numbers ? -1 : 1;
      }
      int order =
          numbers ? new BigInteger(one).compareTo(new BigInteger(other)) : one.compareTo(other);
      return Integer.signum(order);
    }

    /// Builds do not tell versions apart.
    @Override
    public boolean equals(Object other) {
      return other instanceof Semver second && compareTo(second) == 0;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(major * 31 + minor) * 31 + before.hashCode();
    }
  }

  private static boolean isNumber(String word) {
    return word.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  static Functions functions() {
    Price read = Prices.reading(1, false);
    Price nominal = Price.NOMINAL;
    Type text = Type.STRING;
    Type bool = Type.BOOL;
    return new Functions()
        .addType(TYPE)
        .add("semver", TYPE, read, Semvers::parse, text)
        .add("semver", TYPE, read, Semvers::parse, text, bool)
        .add("isSemver", bool, read, Semvers::isSemver, text)
        .add("isSemver", bool, read, Semvers::isSemver, text, bool)
        .addMember("isGreaterThan", bool, nominal, a -> order(a) > 0, TYPE, TYPE)
        .addMember("isLessThan", bool, nominal, a -> order(a) < 0, TYPE, TYPE)
        .addMember("compareTo", Type.INT, nominal, Semvers::order, TYPE, TYPE)
        .addMember("major", Type.INT, nominal, a -> ((Semver) a[0]).major(), TYPE)
        .addMember("minor", Type.INT, nominal, a -> ((Semver) a[0]).minor(), TYPE)
        .addMember("patch", Type.INT, nominal, a -> ((Semver) a[0]).patch(), TYPE);
  }

  private static Long order(Object[] a) {
    return (long) ((Semver) a[0]).compareTo((Semver) a[1]);
  }

  private static Object isSemver(Object[] a) {
    try {
      return parse(a).major() >= 0;
    } catch (EvaluationException e) {
      return false;
    }
  }

  private static Semver parse(Object[] a) {
    String text = Strings.text(a, 0);
    return parse(a.length > 1 && (Boolean) a[1] ? tolerated(text) : text);
  }

  static Semver parse(String text) {
    if (text.isEmpty()) {
      throw new EvaluationException("Version string empty");
    }
    if (text.split("\\.", 3).length < 3) {
      throw new EvaluationException("No Major.Minor.Patch elements found");
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new EvaluationException(
          "Invalid character(s) found in version " + Strings.quoted(text));
    }
    List<String> before = form.group(4) == null ? List.of() : List.of(form.group(4).split("\\."));
    for (String word : before) {
      if (isNumber(word) && word.length() > 1 && word.startsWith("0")) {
        throw new EvaluationException(
            "Numeric PreRelease version must not contain leading zeroes " + Strings.quoted(word));
      }
    }
    try {
      return new Semver(
          Long.parseUnsignedLong(form.group(1)),
          Long.parseUnsignedLong(form.group(2)),
          Long.parseUnsignedLong(form.group(3)),
          before,
          form.group(5) == null ? "" : form.group(5));
    } catch (NumberFormatException e) {
      throw new EvaluationException("value out of range in version " + Strings.quoted(text));
    }
  }

  /// A version without a `v` before it, without zeros before its numbers, and with all three.
  private static String tolerated(String text) {
    String[] parts = (text.startsWith("v") ? text.substring(1) : text).split("\\.", 3);
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].length() > 1) {
        String stripped = parts[i].replaceFirst("^0+", "");
        boolean digit = !stripped.isEmpty() && Character.isDigit(stripped.charAt(0));
        parts[i] = digit ? stripped : "0" + stripped;
      }
    }
    String last = parts[parts.length - 1];
    if (parts.length < 3 && (last.indexOf('+') >= 0 || last.indexOf('-') >= 0)) {
      throw new EvaluationException("short version cannot contain PreRelease/Build meta data");
    }
    return String.join(".", parts) + ".0".repeat(3 - parts.length);
  }
}
