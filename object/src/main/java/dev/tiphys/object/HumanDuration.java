package dev.tiphys.object;

import java.time.Duration;

/// Spans of time as people like them: one or two units, the less exact the longer they are.
public final class HumanDuration {

  private HumanDuration() {}

  /// A span, as `90s`, `5m10s` or `3d`; `<invalid>` if it is negative.
  public static String of(Duration span) {
    long seconds = span.toSeconds();
    if (span.isNegative()) {
      return seconds >= -1 ? "0s" : "<invalid>";
    }
    if (seconds < 60 * 2) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return two(minutes, "m", seconds % 60, "s");
    }
    if (minutes < 60 * 3) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return two(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    long days = hours / 24;
    if (hours < 192) {
      return two(days, "d", hours % 24, "h");
    }
    if (hours < 365 * 24 * 2) {
      return days + "d";
    }
    long years = days / 365;
    return hours < 365 * 24 * 8 ? two(years, "y", days % 365, "d") : years + "y";
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
  }
}
