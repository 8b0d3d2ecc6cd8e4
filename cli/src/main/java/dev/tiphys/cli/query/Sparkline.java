package dev.tiphys.cli.query;

import dev.tiphys.monitoring.query.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// A small chart of a series in one line: a bar for each step, an empty place where there is no
/// value.
final class Sparkline {

  private static final String BARS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /// @param begin of the first step
  /// @param steps how many there are
  static String of(List<Series.Sample> samples, Instant begin, Duration step, int steps) {
    double[] values = new double[steps];
    Arrays.fill(values, Double.NaN);
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Series.Sample sample : samples) {
      long at =
          Math.round((double) Duration.between(begin, sample.time()).toMillis() / step.toMillis());
      if (at >= 0 && at < steps && Double.isFinite(sample.number())) {
        values[(int) at] = sample.number();
        low = Math.min(low, sample.number());
        high = Math.max(high, sample.number());
      }
    }
    StringBuilder line = new StringBuilder(steps);
    for (double value : values) {
      line.append(Double.isNaN(value) ? ' ' : bar(value, low, high));
    }
    return line.toString();
  }

  private static char bar(double value, double low, double high) {
    if (high == low) {
      return BARS.charAt(high == 0 ? 0 : BARS.length() / 2);
    }
    return BARS.charAt((int) Math.round((value - low) / (high - low) * (BARS.length() - 1)));
  }
}
