package dev.tiphys.template.format;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Numbers as Go's source has them: with bases and with underscores between digits.
public final class Numbers {

  private static final Pattern WHOLE =
      Pattern.compile(
          "[+-]?(0|[1-9](_?[0-9])*|0(_?[0-7])+|0[oO](_?[0-7])+"
              + "|0[xX](_?[0-9a-fA-F])+|0[bB](_?[01])+)");

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private static final Pattern HEXADECIMAL =
      Pattern.compile("[+-]?0[xX]([0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)[pP][+-]?[0-9]+");

  private static final Pattern UNDERSCORES = Pattern.compile("(?<=[0-9a-fA-FxX])_(?=[0-9a-fA-F])");

  private Numbers() {}

  /// A whole number in any base; null if that is none.
  public static @Nullable BigInteger whole(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return null;
    }
    boolean negative = text.startsWith("-");
    String digits = text.replace("_", "").replaceFirst("^[+-]", "");
    int radix = 10;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      radix =
          switch (Character.toLowerCase(digits.charAt(1))) {
            case 'x' -> 16;
            case 'b' -> 2;
            default -> 8;
          };
      digits = digits.substring(Character.isDigit(digits.charAt(1)) ? 1 : 2);
    }
    BigInteger value = new BigInteger(digits, radix);
    return negative ? value.negate() : value;
  }

  /// A floating point number; infinite if it is too large, null if that is none. Underscores are
  /// for numbers with a base only.
  public static @Nullable Double fraction(String text) {
    if (text.matches("[+-]?(?i:inf|infinity)")) {
      return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (text.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    String plain = text;
    if (text.matches("[+-]?0[xX].*")) {
      plain = UNDERSCORES.matcher(text).replaceAll("");
      return HEXADECIMAL.matcher(plain).matches() ? (Double) Double.parseDouble(plain) : null;
    }
    return DECIMAL.matcher(plain).matches() ? (Double) Double.parseDouble(plain) : null;
  }
}
