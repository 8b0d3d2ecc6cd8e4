package dev.tiphys.template.format;

import dev.tiphys.template.value.Utf8;

/// Texts in quotes, as Go's source has them, and back.
public final class Quoting {

  private static final String HEX = "0123456789abcdef";

  private Quoting() {}

  /// A text in double quotes.
  public static String quote(String text) {
    return quote(text, '"', false);
  }

  /// A text in quotes; with `ascii` all other characters are escaped.
  public static String quote(String text, char mark, boolean ascii) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append(mark);
    for (int i = 0; i < text.length(); ) {
      int width = Utf8.width(text, i);
      int rune = Utf8.rune(text, i);
      if (width == 1 && rune == 0xfffd) {
        hex(quoted.append("\\x"), text.charAt(i), 2);
      } else {
        escape(quoted, rune, mark, ascii);
      }
      i += width;
    }
    return quoted.append(mark).toString();
  }

  /// A character in single quotes.
  public static String quoteRune(int rune, boolean ascii) {
    return quote(Utf8.of(rune), '\'', ascii);
  }

  private static void escape(StringBuilder out, int rune, char mark, boolean ascii) {
    if (rune == mark || rune == '\\') {
      out.append('\\').append((char) rune);
    } else if (isPrintable(rune) && (!ascii || rune < 0x80)) {
      out.append(Utf8.of(rune));
    } else {
      int simple = "\u0007\b\f\n\r\t\u000b".indexOf(rune);
      if (simple >= 0) {
        out.append('\\').append("abfnrtv".charAt(simple));
      } else if (rune < ' ' || rune == 0x7f) {
        hex(out.append("\\x"), rune, 2);
      } else if (rune < 0x10000) {
        hex(out.append("\\u"), rune, 4);
      } else {
        hex(out.append("\\U"), rune, 8);
      }
    }
  }

  private static void hex(StringBuilder out, int value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      out.append(HEX.charAt(value >> shift & 0xf));
    }
  }

  /// Whether a character shows: letters, marks, numbers, punctuation, symbols and the plain space.
  public static boolean isPrintable(int rune) {
    if (rune < 0x80) {
      return rune >= ' ' && rune < 0x7f;
    }
    return switch (Character.getType(rune)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /// Whether a text can stand between back quotes as it is.
  public static boolean canBackquote(String text) {
    for (int i = 0; i < text.length(); i += Utf8.width(text, i)) {
      int rune = Utf8.rune(text, i);
      if (rune == 0xfffd || rune == 0xfeff || rune == '`' || rune == 0x7f) {
        return false;
      }
      if (rune < ' ' && rune != '\t') {
        return false;
      }
    }
    return true;
  }

  /// A character as messages name it: `U+0041 'A'`.
  public static String unicode(int rune) {
    if (rune < 0) {
      return "U+FFFFFFFFFFFFFFFF";
    }
    String shown = isPrintable(rune) ? " '" + Utf8.of(rune) + "'" : "";
    return "U+" + String.format("%04X", rune) + shown;
  }

  /// What a text between quotes stands for.
  ///
  /// @throws IllegalArgumentException if an escape is none
  public static String unescape(String inner, char mark) {
    if (inner.indexOf('\\') < 0) {
      if (inner.indexOf('\n') >= 0) {
        throw new IllegalArgumentException("invalid syntax");
      }
      return inner;
    }
    StringBuilder out = new StringBuilder(inner.length());
    for (int i = 0; i < inner.length(); ) {
      char c = inner.charAt(i);
      if (c != '\\') {
        out.append(c);
        i++;
      } else if (i + 1 < inner.length()) {
        i = unescape(inner, i + 1, mark, out);
      } else {
        throw new IllegalArgumentException("invalid syntax");
      }
    }
    return out.toString();
  }

  private static int unescape(String inner, int at, char mark, StringBuilder out) {
    char c = inner.charAt(at);
    int simple = "abfnrtv\\".indexOf(c);
    if (simple >= 0) {
      out.append("\u0007\b\f\n\r\t\u000b\\".charAt(simple));
      return at + 1;
    }
    if (c == mark) {
      out.append(c);
      return at + 1;
    }
    return switch (c) {
      case 'x' -> {
        out.append((char) number(inner, at + 1, 2, 16));
        yield at + 3;
      }
      case 'u' -> {
        out.append(character(number(inner, at + 1, 4, 16)));
        yield at + 5;
      }
      case 'U' -> {
        out.append(character(number(inner, at + 1, 8, 16)));
        yield at + 9;
      }
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        long value = number(inner, at, 3, 8);
        if (value > 0xff) {
          throw new IllegalArgumentException("invalid syntax");
        }
        out.append((char) value);
        yield at + 3;
      }
      default -> throw new IllegalArgumentException("invalid syntax");
    };
  }

  private static String character(long rune) {
    if (rune > Character.MAX_CODE_POINT || rune >= 0xd800 && rune <= 0xdfff) {
      throw new IllegalArgumentException("invalid syntax");
    }
    return Utf8.of((int) rune);
  }

  private static long number(String inner, int at, int digits, int radix) {
    if (at + digits > inner.length()) {
      throw new IllegalArgumentException("invalid syntax");
    }
    long value = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = Character.digit(inner.charAt(i), radix);
      if (digit < 0) {
        throw new IllegalArgumentException("invalid syntax");
      }
      value = value * radix + digit;
    }
    return value;
  }
}
