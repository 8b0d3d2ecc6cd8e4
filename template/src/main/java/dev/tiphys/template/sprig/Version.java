package dev.tiphys.template.sprig;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Instance;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Whole;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A semantic version. Its text may begin with `v`, and lack the minor or the patch version.
///
/// @param original the text as it was
record Version(
    long major, long minor, long patch, String prerelease, String metadata, String original)
    implements Instance, Comparable<Version> {

  static final Type TYPE = Type.pointer("*semver.Version");

  static final String FORM =
      "v?([0-9]+)(\\.[0-9]+)?(\\.[0-9]+)?"
          + "(-([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?"
          + "(\\+([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?";

  private static final Pattern PATTERN = Pattern.compile(FORM);

  static Version parse(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (text.length() > 1000 || !matcher.matches()) {
      throw new CallException("Invalid Semantic Version");
    }
    String prerelease = matcher.group(5) == null ? "" : matcher.group(5);
    for (String part : prerelease.split("\\.")) {
      if (part.matches("0[0-9]+")) {
        throw new CallException("Version segment starts with 0");
      }
    }
    return new Version(
        number(matcher.group(1)),
        number(matcher.group(2)),
        number(matcher.group(3)),
        prerelease,
        matcher.group(8) == null ? "" : matcher.group(8),
        text);
  }

  private static long number(@Nullable String digits) {
    if (digits == null) {
      return 0;
    }
    String plain = digits.startsWith(".") ? digits.substring(1) : digits;
    try {
      return Long.parseUnsignedLong(plain);
    } catch (NumberFormatException e) {
      throw new CallException("Error parsing version segment: value out of range");
    }
  }

  @Override
  public Type type() {
    return TYPE;
  }

  @Override
  public String text() {
    return major
        + "."
        + minor
        + "."
        + patch
        + (prerelease.isEmpty() ? "" : "-" + prerelease)
        + (metadata.isEmpty() ? "" : "+" + metadata);
  }

  @Override
  public int compareTo(Version other) {
    int order = Long.compareUnsigned(major, other.major);
    order = order != 0 ? order : Long.compareUnsigned(minor, other.minor);
    order = order != 0 ? order : Long.compareUnsigned(patch, other.patch);
    return order != 0 ? order : comparePrereleases(prerelease, other.prerelease);
  }

  /// A version without a prerelease comes after those with one; numbers come before words.
  private static int comparePrereleases(String one, String other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Boolean.compare(one.isEmpty(), other.isEmpty());
    }
    String[] ones = one.split("\\.");
    String[] others = other.split("\\.");
    for (int i = 0; i < Math.min(ones.length, others.length); i++) {
      int order = compareParts(ones[i], others[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(ones.length, others.length);
  }

  private static int compareParts(String one, String other) {
    boolean number = one.matches("[0-9]+");
    if (number != other.matches("[0-9]+")) {
      return number ? -1 : 1;
    }
    int order = number && one.length() != other.length() ? one.length() - other.length() : 0;
    return Integer.signum(order != 0 ? order : one.compareTo(other));
  }

  @Override
  public @Nullable Function method(String name) {
    return switch (name) {
      case "Major" -> number(name, major);
      case "Minor" -> number(name, minor);
      case "Patch" -> number(name, patch);
      case "Prerelease" -> Function.of(name, _ -> prerelease);
      case "Metadata" -> Function.of(name, _ -> metadata);
      case "Original" -> Function.of(name, _ -> original);
      case "String" -> Function.of(name, _ -> text());
      case "Compare" -> Function.of(name, call -> (Long) (long) compareTo(other(call)), TYPE);
      case "LessThan" -> Function.of(name, call -> compareTo(other(call)) < 0, TYPE);
      case "GreaterThan" -> Function.of(name, call -> compareTo(other(call)) > 0, TYPE);
      case "Equal" -> Function.of(name, call -> compareTo(other(call)) == 0, TYPE);
      case "IncMajor" -> Function.of(name, _ -> next(major + 1, 0, 0));
      case "IncMinor" -> Function.of(name, _ -> next(major, minor + 1, 0));
      case "IncPatch" ->
          Function.of(name, _ -> next(major, minor, prerelease.isEmpty() ? patch + 1 : patch));
      default -> null;
    };
  }

  private static Function number(String name, long value) {
    return Function.of(name, _ -> new Whole(Type.UINT64, value));
  }

  private static Version other(Call call) {
    if (call.value(0) instanceof Version version) {
      return version;
    }
    throw new CallException("runtime error: invalid memory address or nil pointer dereference");
  }

  private Version next(long nextMajor, long nextMinor, long nextPatch) {
    String prefix = original.startsWith("v") ? "v" : "";
    Version next = new Version(nextMajor, nextMinor, nextPatch, "", "", "");
    return new Version(nextMajor, nextMinor, nextPatch, "", "", prefix + next.text());
  }
}
