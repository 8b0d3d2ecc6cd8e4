package dev.tiphys.monitoring.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version of Prometheus, as far as it says which settings are known to it.
public record Version(int major, int minor) implements Comparable<Version> {

  private static final Pattern TEXT = Pattern.compile("v?(\\d+)\\.(\\d+)");

  /// The first version that is found in a text, such as what the program says of itself.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Version of(String text) {
    Matcher found = TEXT.matcher(text);
    if (!found.find()) {
      throw new IllegalArgumentException("no version: " + text);
    }
    return new Version(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2)));
  }

  /// Whether it is the given version or a later one.
  public boolean isAtLeast(int atMajor, int atMinor) {
    return compareTo(new Version(atMajor, atMinor)) >= 0;
  }

  @Override
  public int compareTo(Version other) {
    return major == other.major
        ? Integer.compare(minor, other.minor)
        : Integer.compare(major, other.major);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
