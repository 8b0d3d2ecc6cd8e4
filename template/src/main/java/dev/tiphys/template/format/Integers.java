package dev.tiphys.template.format;

import dev.tiphys.template.value.Kind;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Utf8;
import dev.tiphys.template.value.Whole;
import java.util.Locale;

/// Whole numbers by the verbs that there are for them.
final class Integers {

  private Integers() {}

  static void format(Printer to, long value, char verb, Type type) {
    boolean unsigned = type.kind() == Kind.UINT;
    switch (verb) {
      case 'v' -> {
        if (to.flags.sharpV && unsigned) {
          boolean sharp = to.flags.sharp;
          to.flags.sharp = true;
          digits(to, value, 16, 'v', true);
          to.flags.sharp = sharp;
        } else {
          digits(to, value, 10, verb, unsigned);
        }
      }
      case 'd' -> digits(to, value, 10, verb, unsigned);
      case 'b' -> digits(to, value, 2, verb, unsigned);
      case 'o', 'O' -> digits(to, value, 8, verb, unsigned);
      case 'x', 'X' -> digits(to, value, 16, verb, unsigned);
      case 'c' -> to.padded(Utf8.of(rune(value)));
      case 'q' -> to.padded(Quoting.quoteRune(rune(value), to.flags.plus));
      case 'U' -> unicode(to, value);
      default -> to.badVerb(Whole.of(type, value), verb);
    }
  }

  private static int rune(long value) {
    return value < 0 || value > Character.MAX_CODE_POINT ? 0xfffd : (int) value;
  }

  private static void unicode(Printer to, long value) {
    int digits = Math.max(4, to.flags.precision);
    String hex = Long.toHexString(value).toUpperCase(Locale.ROOT);
    String text = "U+" + "0".repeat(Math.max(0, digits - hex.length())) + hex;
    if (to.flags.sharp && value >= 0 && value <= Character.MAX_CODE_POINT) {
      int rune = (int) value;
      text += Quoting.isPrintable(rune) ? " '" + Utf8.of(rune) + "'" : "";
    }
    boolean zero = to.flags.zero;
    to.flags.zero = false;
    to.padded(text);
    to.flags.zero = zero;
  }

  private static void digits(Printer to, long value, int base, char verb, boolean unsigned) {
    Flags flags = to.flags;
    boolean negative = !unsigned && value < 0;
    String digits =
        unsigned || value == Long.MIN_VALUE
            ? Long.toUnsignedString(value, base)
            : Long.toString(Math.abs(value), base);
    int least = flags.precision;
    if (least == 0 && value == 0) {
      boolean zero = flags.zero;
      flags.zero = false;
      to.padded("");
      flags.zero = zero;
      return;
    }
    if (least < 0 && flags.zero && !flags.minus && flags.width >= 0) {
      least = flags.width - (negative || flags.plus || flags.space ? 1 : 0);
    }
    if (least > digits.length()) {
      digits = "0".repeat(least - digits.length()) + digits;
    }
    String text = prefix(flags, base, verb, digits) + digits;
    if (verb == 'X') {
      text = text.toUpperCase(Locale.ROOT);
    }
    text = (negative ? "-" : flags.plus ? "+" : flags.space ? " " : "") + text;
    boolean zero = flags.zero;
    flags.zero = false;
    to.padded(text);
    flags.zero = zero;
  }

  private static String prefix(Flags flags, int base, char verb, String digits) {
    if (verb == 'O') {
      return flags.sharp && !digits.startsWith("0") ? "0o0" : "0o";
    }
    if (!flags.sharp) {
      return "";
    }
    return switch (base) {
      case 2 -> "0b";
      case 8 -> digits.startsWith("0") ? "" : "0";
      case 16 -> "0x";
      default -> "";
    };
  }
}
