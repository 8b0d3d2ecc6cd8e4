package dev.tiphys.template.format;

import java.util.Locale;

/// Floating point numbers by the verbs that there are for them.
final class FloatVerbs {

  private FloatVerbs() {}

  static void format(Printer to, double value, char verb) {
    switch (verb) {
      case 'v' -> number(to, pointed(to.flags, Floats.format(value, 'g', to.flags.precision)));
      case 'e', 'E', 'f', 'F' -> {
        int precision = to.flags.precision < 0 ? 6 : to.flags.precision;
        String text = Floats.format(value, verb, precision);
        number(to, to.flags.sharp && precision == 0 ? withPoint(text) : text);
      }
      case 'g', 'G' ->
          number(to, pointed(to.flags, Floats.format(value, verb, to.flags.precision)));
      case 'b' -> number(to, binary(value));
      case 'x', 'X' -> number(to, hexadecimal(value, to.flags.precision, verb == 'X'));
      default -> to.badVerb(value, verb);
    }
  }

  private static void number(Printer to, String text) {
    Flags flags = to.flags;
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String sign = signed ? text.substring(0, 1) : "+";
    String digits = signed ? text.substring(1) : text;
    boolean finite = !digits.equals("Inf") && !digits.equals("NaN");
    if (sign.equals("+")) {
      boolean infinite = digits.equals("Inf");
      sign = flags.plus || infinite && !flags.space ? "+" : flags.space ? " " : "";
    }
    boolean zero = flags.zero;
    if (zero && finite && !flags.minus && flags.width > sign.length() + digits.length()) {
      digits = "0".repeat(flags.width - sign.length() - digits.length()) + digits;
    }
    flags.zero = zero && finite;
    to.padded(sign + digits);
    flags.zero = zero;
  }

  /// With a point in any case, and with zeros to the precision, as `#` wants it.
  private static String pointed(Flags flags, String text) {
    if (!flags.sharp || text.endsWith("Inf") || text.equals("NaN")) {
      return text;
    }
    int wanted = flags.precision < 0 ? 6 : Math.max(1, flags.precision);
    int end = text.indexOf('e') >= 0 ? text.indexOf('e') : text.indexOf('E');
    String digits = end < 0 ? text : text.substring(0, end);
    String significant = digits.replace("-", "").replace(".", "").replaceFirst("^0+", "");
    int there = significant.isEmpty() ? 1 : significant.length();
    String zeros = "0".repeat(Math.max(0, wanted - there));
    String padded = digits.indexOf('.') < 0 ? digits + "." + zeros : digits + zeros;
    return padded + (end < 0 ? "" : text.substring(end));
  }

  private static String withPoint(String text) {
    int end = text.indexOf('e') >= 0 ? text.indexOf('e') : text.indexOf('E');
    return end < 0 ? text + "." : text.substring(0, end) + "." + text.substring(end);
  }

  private static String binary(double value) {
    long bits = Double.doubleToLongBits(value);
    int exponent = (int) (bits >> 52 & 0x7ff);
    long mantissa = bits & (1L << 52) - 1;
    if (exponent == 0) {
      exponent++;
    } else {
      mantissa |= 1L << 52;
    }
    int power = exponent - 1075;
    return (bits < 0 ? "-" : "") + mantissa + "p" + (power >= 0 ? "+" : "") + power;
  }

  /// @param precision how many digits behind the point; negative for as many as there are
  private static String hexadecimal(double value, int precision, boolean capitals) {
    if (!Double.isFinite(value)) {
      return Floats.shortest(value);
    }
    int exponent = value == 0 ? 0 : Math.getExponent(value);
    double mantissa = Math.abs(value);
    if (value != 0 && exponent < Double.MIN_EXPONENT) {
      mantissa *= 0x1p60; // too small to have a leading digit
      exponent = Math.getExponent(mantissa) - 60;
      mantissa = Math.scalb(mantissa, -exponent - 60);
    } else {
      mantissa = Math.scalb(mantissa, -exponent);
    }
    int most = 13;
    if (precision >= 0 && precision < most) {
      double unit = Math.scalb(1.0, 4 * precision);
      mantissa = Math.rint(mantissa * unit) / unit;
      if (mantissa >= 2) {
        mantissa /= 2;
        exponent++;
      }
    }
    long bits = (long) Math.scalb(mantissa, 4 * most);
    String digits = Long.toHexString(bits | 1L << 60).substring(2, 2 + most + 1);
    String fraction = digits.substring(1);
    if (precision < 0) {
      fraction = fraction.replaceFirst("0+$", "");
    } else {
      fraction = (fraction + "0".repeat(Math.max(0, precision - most))).substring(0, precision);
    }
    String size = Integer.toString(Math.abs(exponent));
    String text =
        (1 / value < 0 ? "-" : "")
            + "0x"
            + digits.charAt(0)
            + (fraction.isEmpty() ? "" : "." + fraction)
            + (exponent < 0 ? "p-" : "p+")
            + (size.length() < 2 ? "0" : "")
            + size;
    return capitals ? text.toUpperCase(Locale.ROOT) : text;
  }
}
