package dev.tiphys.template.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Floating point numbers as Go writes them.
public final class Floats {

  /// The exponent from which one is written, where digits are as few as need be.
  private static final int FIRST_EXPONENT = 6;

  /// How many digits a double can have at all; further ones are zeros.
  private static final int MOST_DIGITS = 1100;

  private Floats() {}

  /// As `print` and `%v` do: as few digits as tell the number from all others.
  public static String shortest(double value) {
    return format(value, 'g', -1);
  }

  /// In the format `e`, `f` or `g`, or their capitals.
  ///
  /// @param precision how many digits; negative for as few as need be
  public static String format(double value, char format, int precision) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    boolean negative = value < 0 || 1 / value < 0;
    BigDecimal number =
        precision < 0
            ? new BigDecimal(Double.toString(Math.abs(value)))
            : new BigDecimal(Math.abs(value));
    String text =
        switch (Character.toLowerCase(format)) {
          case 'e' -> scientific(number, precision, format);
          case 'f' -> plain(number, precision);
          default -> general(number, precision, format);
        };
    return negative ? "-" + text : text;
  }

  private static String plain(BigDecimal number, int precision) {
    if (precision < 0) {
      return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
    return number.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String scientific(BigDecimal number, int precision, char format) {
    char letter = format == 'E' || format == 'G' ? 'E' : 'e';
    if (number.signum() == 0) {
      return (precision > 0 ? "0." + "0".repeat(precision) : "0") + letter + "+00";
    }
    BigDecimal rounded =
        precision < 0
            ? number.stripTrailingZeros()
            : number.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    StringBuilder digits = new StringBuilder(rounded.unscaledValue().toString());
    if (precision >= 0) {
      while (digits.length() < precision + 1) {
        digits.append('0');
      }
      digits.setLength(precision + 1);
    }
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String size = Integer.toString(Math.abs(exponent));
    return digits.charAt(0)
        + fraction
        + letter
        + (exponent < 0 ? '-' : '+')
        + (size.length() < 2 ? "0" : "")
        + size;
  }

  private static String general(BigDecimal number, int precision, char format) {
    if (number.signum() == 0) {
      return "0";
    }
    int wanted = Math.min(precision == 0 ? 1 : precision, MOST_DIGITS);
    BigDecimal rounded =
        wanted < 0 ? number : number.round(new MathContext(wanted, RoundingMode.HALF_EVEN));
    BigDecimal stripped = rounded.stripTrailingZeros();
    int exponent = stripped.precision() - stripped.scale() - 1;
    int digits = stripped.precision();
    int bound = wanted < 0 ? FIRST_EXPONENT : wanted;
    if (wanted >= 0 && bound > digits && digits >= exponent + 1) {
      bound = digits;
    }
    return exponent < -4 || exponent >= bound
        ? scientific(stripped, -1, format)
        : plain(stripped, -1);
  }
}
