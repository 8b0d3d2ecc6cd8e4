package dev.tiphys.template.time;

import dev.tiphys.template.format.Quoting;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads spans of time such as `1h30m` and `-1.5s`.
public final class SpanText {

  private static final Map<String, Long> UNITS =
      Map.of(
          "ns", 1L,
          "us", 1000L,
          "\u00c2\u00b5s", 1000L, // the bytes of a micro sign
          "\u00ce\u00bcs", 1000L, // the bytes of the letter mu
          "ms", 1_000_000L,
          "s", Spans.SECOND,
          "m", Spans.MINUTE,
          "h", Spans.HOUR);

  private static final Pattern PART = Pattern.compile("([0-9]*)(\\.[0-9]*)?([^0-9.]*)");

  private SpanText() {}

  /// @return the span in nanoseconds
  /// @throws IllegalArgumentException if that is none; the message is Go's
  public static long parse(String text) {
    String rest = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return 0;
    }
    if (rest.isEmpty()) {
      throw invalid(text);
    }
    BigDecimal sum = BigDecimal.ZERO;
    Matcher part = PART.matcher(rest);
    for (int at = 0; at < rest.length(); at = part.end()) {
      if (!part.find(at) || part.start() != at) {
        throw invalid(text);
      }
      sum = sum.add(span(text, part));
    }
    if (sum.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw invalid(text);
    }
    return text.startsWith("-") ? -sum.longValue() : sum.longValue();
  }

  private static BigDecimal span(String text, Matcher part) {
    String number = part.group(1) + (part.group(2) == null ? "" : part.group(2));
    if (number.isEmpty() || number.equals(".")) {
      throw invalid(text);
    }
    String unit = part.group(3);
    if (unit.isEmpty()) {
      throw new IllegalArgumentException("time: missing unit in duration " + Quoting.quote(text));
    }
    Long size = UNITS.get(unit);
    if (size == null) {
      throw new IllegalArgumentException(
          "time: unknown unit " + Quoting.quote(unit) + " in duration " + Quoting.quote(text));
    }
    return new BigDecimal("0" + number + (number.endsWith(".") ? "0" : ""))
        .multiply(BigDecimal.valueOf(size));
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("time: invalid duration " + Quoting.quote(text));
  }
}
