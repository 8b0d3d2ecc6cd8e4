package dev.tiphys.delivery.condition;

import dev.tiphys.object.Null;
import java.math.BigDecimal;
import java.util.Locale;

/// Numbers as Go writes and reads them: `+Inf`, `NaN`, and no decimal point where none is needed.
public final class GoNumbers {

  private static final double SHORT = 1e21;

  private GoNumbers() {}

  /// @throws NumberFormatException if it is none
  public static double parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> {
        if (text.isEmpty() || !isPlain(text)) {
          throw new NumberFormatException(text);
        }
        yield Double.parseDouble(text);
      }
    };
  }

  /// Java reads more: spaces, and letters that tell types.
  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0);
  }

  /// A value as a text.
  public static String text(Object value) {
    if (value == Null.NULL) {
      return "<nil>";
    }
    if (!(value instanceof Double number)) {
      return value.toString();
    }
    if (number.isNaN()) {
      return "NaN";
    }
    if (number.isInfinite()) {
      return number > 0 ? "+Inf" : "-Inf";
    }
    boolean isWhole = number == Math.rint(number) && Math.abs(number) < SHORT;
    return isWhole
        ? new BigDecimal(number).toPlainString()
        : new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
  }
}
