package dev.tiphys.cel.library;

import dev.tiphys.cel.Bytes;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.Unsigned;
import dev.tiphys.cel.eval.Conversions;
import dev.tiphys.cel.eval.MapValue;
import dev.tiphys.cel.eval.Values;
import dev.tiphys.object.Null;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.TreeMap;

/// A text with values put in the places that clauses such as `%s` and `%.2f` mark.
///
/// Threads: one; made for one text.
final class TextFormat {

  private static final int PRECISION = 6;
  private static final int MOST_PRECISE = 1000;
  private final String pattern;
  private final List<?> arguments;
  private final StringBuilder text = new StringBuilder();
  private int at;
  private int next;

  TextFormat(String pattern, List<?> arguments) {
    this.pattern = pattern;
    this.arguments = arguments;
  }

  String text() {
    while (at < pattern.length()) {
      char c = pattern.charAt(at++);
      if (c != '%') {
        text.append(c);
      } else if (at < pattern.length() && pattern.charAt(at) == '%') {
        text.append(pattern.charAt(at++));
      } else {
        clause();
      }
    }
    return text.toString();
  }

  private void clause() {
    int precision = PRECISION;
    if (at < pattern.length() && pattern.charAt(at) == '.') {
      int start = ++at;
      while (at < pattern.length() && Character.isDigit(pattern.charAt(at))) {
        at++;
      }
      try {
        precision = Integer.parseInt(pattern.substring(start, at));
      } catch (NumberFormatException e) {
        throw failed("could not find end of precision specifier");
      }
    }
    if (at >= pattern.length()) {
      throw failed("unexpected end of string");
    }
    if (precision > MOST_PRECISE) {
      throw failed("precision " + precision + " exceeds maximum allowed precision " + MOST_PRECISE);
    }
    char verb = pattern.charAt(at++);
    if ("sdfebxXo".indexOf(verb) < 0) {
      throw failed("unrecognized formatting clause \"" + verb + "\"");
    }
    if (next >= arguments.size()) {
      throw new EvaluationException("index " + next + " out of range");
    }
    Object value = arguments.get(next++);
    text.append(
        switch (verb) {
          case 's' -> plain(value);
          case 'd' -> decimal(value);
          case 'f', 'e' -> fraction(value, verb, precision);
          case 'b' -> radix(value, verb, 2);
          case 'o' -> radix(value, verb, 8);
          default -> hexadecimal(value, verb);
        });
    Sizes.check(text.length());
  }

  private static EvaluationException failed(String problem) {
    return new EvaluationException("could not parse formatting clause: " + problem);
  }

  private static EvaluationException wrong(String rule, Object value) {
    return new EvaluationException(
        "error during formatting: " + rule + ", was given " + Values.typeOf(value).name());
  }

  private static String plain(Object value) {
    return switch (value) {
      case List<?> list -> list(list);
      case MapValue map when !map.isObject() -> map(map);
      case Type type -> type.name();
      case Boolean _,
          Long _,
          Unsigned _,
          Double _,
          String _,
          Bytes _,
          OffsetDateTime _,
          Duration _,
          Null _ ->
          Conversions.toText(value).toString();
      default ->
          throw wrong(
              "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps",
              value);
    };
  }

  /// A value within a list or map, as it would stand in an expression.
  private static String inner(Object value) {
    return switch (value) {
      case String text -> Strings.quoted(text);
      case Bytes bytes -> "b" + Strings.quoted(Conversions.toText(bytes).toString());
      case OffsetDateTime time -> "timestamp(" + Strings.quoted(Conversions.shown(time)) + ")";
      case Duration span -> "duration(" + Strings.quoted(Conversions.shown(span)) + ")";
      case Double number when number.isNaN() || number.isInfinite() ->
          Strings.quoted(Conversions.shown(number));
      case Double number -> fraction(number, 'f', PRECISION);
      default -> plain(value);
    };
  }

  private static String list(List<?> list) {
    StringJoiner joined = new StringJoiner(", ", "[", "]");
    list.forEach(element -> joined.add(inner(element)));
    return joined.toString();
  }

  private static String map(MapValue map) {
    TreeMap<String, String> entries = new TreeMap<>();
    for (Object key : map.keys()) {
      Object value = map.find(key);
      if (value != null) {
        entries.put(inner(key), inner(value));
      }
    }
    StringJoiner joined = new StringJoiner(", ", "{", "}");
    entries.forEach((key, value) -> joined.add(key + ":" + value));
    return joined.toString();
  }

  private static String decimal(Object value) {
    if (value instanceof Long || value instanceof Unsigned) {
      return value.toString();
    }
    throw wrong("decimal clause can only be used on integers", value);
  }

  private static String fraction(Object value, char verb, int precision) {
    String clause = verb == 'f' ? "fixed-point" : "scientific";
    double number =
        switch (value) {
          case Double given -> given;
          case String text when List.of("NaN", "Infinity", "-Infinity").contains(text) ->
              Double.parseDouble(text);
          default -> throw wrong(clause + " clause can only be used on doubles", value);
        };
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "∞" : "-∞";
    }
    return verb == 'e' ? scientific(number, precision) : grouped(number, precision);
  }

  /// `1,234.500000`
  private static String grouped(double number, int precision) {
    String plain =
        new BigDecimal(number).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    int point = plain.indexOf('.');
    StringBuilder text = new StringBuilder(plain);
    int first = plain.startsWith("-") ? 1 : 0;
    for (int i = (point < 0 ? plain.length() : point) - 3; i > first; i -= 3) {
      text.insert(i, ',');
    }
    return text.toString();
  }

  /// `1.234500×10⁰³`
  private static String scientific(double number, int precision) {
    String plain = String.format(Locale.ROOT, "%." + precision + "e", number);
    int exponent = plain.indexOf('e');
    StringBuilder text = new StringBuilder(plain).replace(exponent, plain.length(), "×10");
    for (int i = exponent + 1; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (c == '-') {
        text.append('⁻');
      } else if (c != '+') {
        text.append("⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0'));
      }
    }
    return text.toString();
  }

  private static String radix(Object value, char verb, int radix) {
    return switch (value) {
      case Long number -> Long.toString(number, radix);
      case Unsigned(long bits) -> Long.toUnsignedString(bits, radix);
      case Boolean truth when verb == 'b' -> truth ? "1" : "0";
      default ->
          throw wrong(
              verb == 'b'
                  ? "only integers and bools can be formatted as binary"
                  : "octal clause can only be used on integers",
              value);
    };
  }

  private static String hexadecimal(Object value, char verb) {
    String digits =
        switch (value) {
          case Long number -> Long.toString(number, 16);
          case Unsigned(long bits) -> Long.toHexString(bits);
          case String given -> HexFormat.of().formatHex(given.getBytes(StandardCharsets.UTF_8));
          case Bytes bytes -> HexFormat.of().formatHex(bytes.toArray());
          default ->
              throw wrong(
                  "only integers, byte buffers, and strings can be formatted as hex", value);
        };
    return verb == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
  }
}
