package dev.tiphys.template.format;

import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Utf8;
import java.util.Locale;

/// Texts and bytes by the verbs that there are for them.
final class Texts {

  private Texts() {}

  static void string(Printer to, String text, char verb) {
    if (verb == 'v' && to.flags.sharpV) {
      quoted(to, truncated(to, text));
    } else if ("vsxXq".indexOf(verb) >= 0) {
      format(to, text, verb);
    } else {
      to.badVerb(text, verb);
    }
  }

  static void bytes(Printer to, byte[] bytes, char verb) {
    if (verb == 'v' || verb == 'd') {
      String between = "";
      to.append(to.flags.sharpV ? "[]byte{" : "[");
      for (byte each : bytes) {
        to.append(between);
        if (to.flags.sharpV) {
          to.append("0x" + Integer.toHexString(each & 0xff));
        } else {
          to.padded(Integer.toString(each & 0xff));
        }
        between = to.flags.sharpV ? ", " : " ";
      }
      to.append(to.flags.sharpV ? "}" : "]");
    } else if ("sxXq".indexOf(verb) >= 0) {
      format(to, Utf8.of(bytes), verb);
    } else {
      String between = "";
      to.append("[");
      for (byte each : bytes) {
        to.append(between);
        Integers.format(to, each & 0xff, verb, Type.UINT8);
        between = " ";
      }
      to.append("]");
    }
  }

  static void format(Printer to, String text, char verb) {
    switch (verb) {
      case 'x', 'X' -> hexadecimal(to, truncatedBytes(to, text), verb == 'X');
      case 'q' -> quoted(to, truncated(to, text));
      default -> to.padded(truncated(to, text));
    }
  }

  private static void quoted(Printer to, String text) {
    if (to.flags.sharp && Quoting.canBackquote(text)) {
      to.padded("`" + text + "`");
    } else {
      to.padded(Quoting.quote(text, '"', to.flags.plus));
    }
  }

  /// As many characters as the precision tells.
  private static String truncated(Printer to, String text) {
    if (to.flags.precision < 0) {
      return text;
    }
    int end = 0;
    for (int i = 0; i < to.flags.precision && end < text.length(); i++) {
      end += Utf8.width(text, end);
    }
    return text.substring(0, end);
  }

  private static String truncatedBytes(Printer to, String text) {
    int precision = to.flags.precision;
    return precision >= 0 && precision < text.length() ? text.substring(0, precision) : text;
  }

  private static void hexadecimal(Printer to, String text, boolean capitals) {
    StringBuilder hex = new StringBuilder(text.length() * 2);
    String prefix = capitals ? "0X" : "0x";
    for (int i = 0; i < text.length(); i++) {
      if (to.flags.space && i > 0) {
        hex.append(' ');
      }
      if (to.flags.sharp && (to.flags.space || i == 0)) {
        hex.append(prefix);
      }
      String digits = Integer.toHexString(text.charAt(i) | 0x100).substring(1);
      hex.append(capitals ? digits.toUpperCase(Locale.ROOT) : digits);
    }
    boolean zero = to.flags.zero;
    to.padded(hex.toString());
    to.flags.zero = zero;
  }
}
