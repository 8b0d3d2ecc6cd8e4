package dev.tiphys.template.format;

/// Floating point numbers by the verbs that there are for them.
final class FloatVerbs {

  private FloatVerbs() {}

  static void format(Printer to, double value, char verb) {
    switch (verb) {
      case 'v' -> number(to, Floats.format(value, 'g', to.flags.precision));
      case 'e', 'E', 'f', 'F' -> {
        int precision = to.flags.precision < 0 ? 6 : to.flags.precision;
        number(to, Floats.format(value, verb, precision));
      }
      case 'g', 'G' -> number(to, Floats.format(value, verb, to.flags.precision));
      case 'b' -> number(to, binary(value));
      case 'x', 'X' -> number(to, hexadecimal(value, verb == 'X'));
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

  private static String hexadecimal(double value, boolean capitals) {
    if (!Double.isFinite(value)) {
      return Floats.shortest(value);
    }
    if (value == 0) {
      return (1 / value < 0 ? "-" : "") + (capitals ? "0X0P+00" : "0x0p+00");
    }
    String text = Double.toHexString(value).replace(".0p", "p");
    int at = text.indexOf('p') + 1;
    int exponent = Integer.parseInt(text.substring(at));
    String digits = Integer.toString(Math.abs(exponent));
    String padded = digits.length() < 2 ? "0" + digits : digits;
    String all = text.substring(0, at) + (exponent < 0 ? "-" : "+") + padded;
    return capitals ? all.toUpperCase(java.util.Locale.ROOT) : all;
  }
}
