package dev.tiphys.object;

import dev.tiphys.object.encoding.Json;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Spans of time as Go writes them: `1h2m3.5s`.
public final class GoDuration {

  private static final Pattern PART =
      Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)(?![^.0-9])");

  private static final Pattern MALFORMED_PART =
      Pattern.compile("(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)([^.0-9]*)");

  private GoDuration() {}

  /// @throws IllegalArgumentException if `text` is no span of time
  public static long nanos(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return 0;
    }
    if (rest.isEmpty()) {
      throw new IllegalArgumentException("time: invalid duration " + Json.text(text));
    }
    double total = 0;
    Matcher part = PART.matcher(rest);
    int at = 0;
    while (part.find() && part.start() == at) {
      total += Double.parseDouble(part.group(1)) * unit(part.group(2));
      at = part.end();
    }
    if (at != rest.length()) {
      throw new IllegalArgumentException(
          "time: " + problem(rest.substring(at)) + " " + Json.text(text));
    }
    if (Math.abs(total) > Long.MAX_VALUE) {
      throw new IllegalArgumentException("time: invalid duration " + Json.text(text));
    }
    return Math.round(negative ? -total : total);
  }

  private static String problem(String rest) {
    Matcher part = MALFORMED_PART.matcher(rest);
    if (!part.lookingAt()) {
      return "invalid duration";
    }
    String unit = part.group(1);
    return unit.isEmpty()
        ? "missing unit in duration"
        : "unknown unit " + Json.text(unit) + " in duration";
  }

  private static long unit(String name) {
    return switch (name) {
      case "ns" -> 1L;
      case "us", "µs", "μs" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      default -> 3_600_000_000_000L;
    };
  }

  public static Duration parse(String text) {
    return Duration.ofNanos(nanos(text));
  }

  /// The text Go prints for a span.
  public static String text(Duration span) {
    return text(span.toNanos());
  }

  /// The text Go prints for a span.
  public static String text(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    String sign = nanos < 0 ? "-" : "";
    long size = Math.abs(nanos);
    if (size < 1_000) {
      return sign + size + "ns";
    }
    if (size < 1_000_000) {
      return sign + fraction(size, 1_000) + "µs";
    }
    if (size < 1_000_000_000) {
      return sign + fraction(size, 1_000_000) + "ms";
    }
    long minutes = size / 60_000_000_000L;
    String seconds = fraction(size % 60_000_000_000L, 1_000_000_000) + "s";
    if (minutes == 0) {
      return sign + seconds;
    }
    return sign + (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + seconds;
  }

  private static String fraction(long value, long unit) {
    String digits = Long.toString(value / unit);
    long rest = value % unit;
    if (rest == 0) {
      return digits;
    }
    String padded = Long.toString(unit + rest).substring(1);
    return digits + "." + padded.replaceAll("0+$", "");
  }
}
