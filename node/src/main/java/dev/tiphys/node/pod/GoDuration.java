package dev.tiphys.node.pod;

import java.time.Duration;

/// Spans of time as Kubernetes' messages have them: `10s`, `2m40s`, `1.5s`, `300ms`.
public final class GoDuration {
  private GoDuration() {}

  public static String of(Duration span) {
    if (span.isZero()) {
      return "0s";
    }
    long nanos = span.toNanos();
    if (nanos < 1_000) {
      return nanos + "ns";
    }
    if (nanos < 1_000_000) {
      return number(nanos, 3) + "µs";
    }
    if (nanos < 1_000_000_000) {
      return number(nanos, 6) + "ms";
    }
    long seconds = nanos / 1_000_000_000;
    String text = number(seconds % 60 * 1_000_000_000 + nanos % 1_000_000_000, 9) + "s";
    if (seconds < 60) {
      return text;
    }
    long minutes = seconds / 60;
    text = minutes % 60 + "m" + text;
    return minutes < 60 ? text : minutes / 60 + "h" + text;
  }

  private static String number(long value, int decimals) {
    return java.math.BigDecimal.valueOf(value, decimals).stripTrailingZeros().toPlainString();
  }
}
