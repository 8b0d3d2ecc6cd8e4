package dev.tiphys.object;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HexFormat;

/// Reads RFC 3339 times, and says like Go what is wrong with a text that is none.
///
/// Threads: one.
final class TimeParser {

  private static final String SECONDS = "2006-01-02T15:04:05Z07:00";
  private static final String MICROS = "2006-01-02T15:04:05.000000Z07:00";
  private static final int MICRO_DIGITS = 6;

  private final String text;
  private final boolean micros;
  private int at;

  private TimeParser(String text, boolean micros) {
    this.text = text;
    this.micros = micros;
  }

  static Instant parse(String text, boolean micros) {
    return new TimeParser(text, micros).read();
  }

  private Instant read() {
    int year = digits(4, "2006");
    literal('-');
    int month = digits(2, "01");
    checkRange("month", month, 1, 12);
    literal('-');
    int day = digits(2, "02");
    literal('T');
    int hour = digits(2, "15");
    checkRange("hour", hour, 0, 23);
    literal(':');
    int minute = digits(2, "04");
    checkRange("minute", minute, 0, 59);
    literal(':');
    int second = digits(2, "05");
    checkRange("second", second, 0, 59);
    int nanos = fraction();
    int offset = offset();
    if (at < text.length()) {
      throw problem(": extra text: " + quoted(text.substring(at)));
    }
    checkRange("day", day, 1, YearMonth.of(year, month).lengthOfMonth());
    return LocalDateTime.of(year, month, day, hour, minute, second, nanos)
        .toInstant(ZoneOffset.UTC)
        .minusSeconds(offset);
  }

  private int digits(int count, String element) {
    int start = at;
    int value = 0;
    for (; at < start + count; at++) {
      if (at >= text.length() || !isDigit(text.charAt(at))) {
        at = start;
        throw cannotParse(element);
      }
      value = value * 10 + text.charAt(at) - '0';
    }
    return value;
  }

  private void literal(char expected) {
    if (at >= text.length() || text.charAt(at) != expected) {
      throw cannotParse(String.valueOf(expected));
    }
    at++;
  }

  private int fraction() {
    boolean point = at + 1 < text.length() && (text.charAt(at) == '.' || text.charAt(at) == ',');
    if (!point || !isDigit(text.charAt(at + 1))) {
      if (micros) {
        throw cannotParse(".000000");
      }
      return 0;
    }
    int start = at++;
    long nanos = 0;
    int count = 0;
    for (;
        at < text.length() && isDigit(text.charAt(at)) && !(micros && count == MICRO_DIGITS);
        at++) {
      nanos = count < 9 ? nanos * 10 + text.charAt(at) - '0' : nanos;
      count++;
    }
    if (micros && count < MICRO_DIGITS) {
      at = start;
      throw cannotParse(".000000");
    }
    for (; count < 9; count++) {
      nanos *= 10;
    }
    return (int) nanos;
  }

  private int offset() {
    if (at < text.length() && text.charAt(at) == 'Z') {
      at++;
      return 0;
    }
    boolean sign = at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-');
    if (!sign || at + 6 > text.length() || text.charAt(at + 3) != ':') {
      throw cannotParse("Z07:00");
    }
    boolean west = text.charAt(at) == '-';
    at++;
    int hours = digits(2, "Z07:00");
    at++;
    int minutes = digits(2, "Z07:00");
    checkRange("time zone offset hour", hours, 0, 24);
    checkRange("time zone offset minute", minutes, 0, 60);
    int seconds = (hours * 60 + minutes) * 60;
    return west ? -seconds : seconds;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void checkRange(String part, int value, int least, int most) {
    if (value < least || value > most) {
      throw problem(": " + part + " out of range");
    }
  }

  private IllegalArgumentException cannotParse(String element) {
    return problem(
        " as "
            + quoted(micros ? MICROS : SECONDS)
            + ": cannot parse "
            + quoted(text.substring(at))
            + " as "
            + quoted(element));
  }

  private IllegalArgumentException problem(String what) {
    return new IllegalArgumentException("parsing time " + quoted(text) + what);
  }

  /// As Go quotes what it could not read as a time: what is not ASCII byte by byte.
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b < ' ') {
        quoted.append("\\x").append(HexFormat.of().toHexDigits(b));
      } else {
        quoted.append(b == '"' || b == '\\' ? "\\" : "").append((char) b);
      }
    }
    return quoted.append('"').toString();
  }
}
