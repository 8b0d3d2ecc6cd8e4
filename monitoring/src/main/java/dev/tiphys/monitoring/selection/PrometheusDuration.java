package dev.tiphys.monitoring.selection;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as Prometheus writes them: `1h30m`, with days, weeks and years.
public final class PrometheusDuration {

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(\\d+)y)?(?:(\\d+)w)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");
  private static final long[] MILLIS = {
    31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L
  };

  private PrometheusDuration() {}

  /// @throws IllegalArgumentException if it is none; the message is Prometheus'
  public static Duration parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty duration string");
    }
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a valid duration string: \"" + text + "\"");
    }
    try {
      long millis = 0;
      for (int i = 0; i < MILLIS.length; i++) {
        String number = parts.group(i + 1);
        if (number != null) {
          millis = Math.addExact(millis, Math.multiplyExact(Long.parseLong(number), MILLIS[i]));
        }
      }
      return Duration.ofMillis(millis);
    } catch (ArithmeticException | NumberFormatException _) {
      throw new IllegalArgumentException("duration out of range");
    }
  }
}
