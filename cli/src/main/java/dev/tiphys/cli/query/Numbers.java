package dev.tiphys.cli.query;

import dev.tiphys.monitoring.query.Series;
import java.math.BigDecimal;
import java.math.MathContext;

/// Numbers for people: six digits are enough.
final class Numbers {

  private static final MathContext DIGITS = new MathContext(6);

  /// Numbers between these are written without an exponent.
  private static final double SMALLEST = 1e-9;

  private static final double LARGEST = 1e15;

  private Numbers() {}

  static String text(Series.Sample sample) {
    return Double.isFinite(sample.number()) ? text(sample.number()) : sample.value();
  }

  static String text(double number) {
    BigDecimal rounded = new BigDecimal(number).round(DIGITS).stripTrailingZeros();
    double size = Math.abs(number);
    return size == 0 || size >= SMALLEST && size <= LARGEST
        ? rounded.toPlainString()
        : rounded.toString();
  }
}
