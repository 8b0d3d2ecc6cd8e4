package dev.tiphys.template.time;

import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Whole;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Spans of time in nanoseconds, months and days of the week: numbers that have names.
public final class Spans {

  public static final long SECOND = 1_000_000_000L;
  public static final long MINUTE = 60 * SECOND;
  public static final long HOUR = 60 * MINUTE;

  private Spans() {}

  public static Whole of(long nanoseconds) {
    return new Whole(Type.DURATION, nanoseconds);
  }

  /// How such a number says itself.
  public static String text(Whole number) {
    if (number.type() == Type.DURATION) {
      return text(number.value());
    }
    int value = (int) number.value();
    if (number.type() == Type.MONTH) {
      return value >= 1 && value <= 12
          ? Month.of(value).getDisplayName(TextStyle.FULL, Locale.ENGLISH)
          : "%!Month(" + value + ")";
    }
    return DayOfWeek.of(value == 0 ? 7 : value).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  /// A span as `1h2m3.5s`, or below a second in the unit that fits.
  public static String text(long nanoseconds) {
    if (nanoseconds == 0) {
      return "0s";
    }
    String sign = nanoseconds < 0 ? "-" : "";
    BigDecimal left = BigDecimal.valueOf(nanoseconds).abs();
    if (left.compareTo(BigDecimal.valueOf(SECOND)) < 0) {
      return sign + small(left);
    }
    long seconds = left.movePointLeft(9).longValue();
    BigDecimal rest = left.movePointLeft(9).subtract(BigDecimal.valueOf(seconds / 60 * 60));
    String text = rest.stripTrailingZeros().toPlainString() + "s";
    if (seconds >= 60) {
      text = seconds / 60 % 60 + "m" + text;
    }
    if (seconds >= 3600) {
      text = seconds / 3600 + "h" + text;
    }
    return sign + text;
  }

  private static String small(BigDecimal nanoseconds) {
    long whole = nanoseconds.longValue();
    if (whole < 1000) {
      return whole + "ns";
    }
    boolean micro = whole < 1_000_000;
    String digits = nanoseconds.movePointLeft(micro ? 3 : 6).stripTrailingZeros().toPlainString();
    return digits + (micro ? "\u00c2\u00b5s" : "ms"); // the bytes of a micro sign
  }

  /// A method of such a number.
  public static @Nullable Function method(Whole number, String name) {
    if (name.equals("String") && number.type().name().startsWith("time.")) {
      return Function.of(name, _ -> text(number));
    }
    if (number.type() != Type.DURATION) {
      return null;
    }
    long value = number.value();
    return switch (name) {
      case "Hours" -> Function.of(name, _ -> value / HOUR + value % HOUR / (60e9 * 60));
      case "Minutes" -> Function.of(name, _ -> value / MINUTE + value % MINUTE / 60e9);
      case "Seconds" -> Function.of(name, _ -> value / SECOND + value % SECOND / 1e9);
      case "Milliseconds" -> Function.of(name, _ -> Whole.int64(value / 1_000_000));
      case "Microseconds" -> Function.of(name, _ -> Whole.int64(value / 1000));
      case "Nanoseconds" -> Function.of(name, _ -> Whole.int64(value));
      case "Round" -> Function.of(name, call -> of(round(value, call.whole(0))), Type.DURATION);
      case "Truncate" ->
          Function.of(
              name,
              call -> of(call.whole(0) <= 0 ? value : value - value % call.whole(0)),
              Type.DURATION);
      default -> null;
    };
  }

  /// A span rounded to a multiple of another, halves away from zero.
  public static long round(long value, long unit) {
    if (unit <= 0) {
      return value;
    }
    long rest = value % unit;
    long half = Math.abs(rest) * 2 >= unit ? unit * Long.signum(value) : 0;
    return value - rest + half;
  }
}
