package dev.tiphys.cli.query;

import dev.tiphys.monitoring.query.Series;
import java.math.BigDecimal;
import java.math.MathContext;

/// Numbers for people: six digits are enough.
final class Numbers {

  private static final MathContext DIGITS = new MathContext(6);

  private Numbers() {}

  static String text(Series.Sample sample) {
    return Double.isFinite(sample.number()) ? text(sample.number()) : sample.value();
  }

  static String text(double number) {
    BigDecimal rounded = new BigDecimal(number).round(DIGITS).stripTrailingZeros();
    return rounded.scale() <= 9 && rounded.precision() - rounded.scale() <= 15
        ? rounded.toPlainString()
        : rounded.toString();
  }
}
