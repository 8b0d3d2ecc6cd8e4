package dev.tiphys.network.metrics;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// How values are spread over ranges.
///
/// Threads: any.
public final class Distribution {

  private final double[] bounds;
  private final LongAdder[] counts;
  private final DoubleAdder sum = new DoubleAdder();

  /// @param bounds where ranges end, the smallest first
  public Distribution(double[] bounds) {
    this.bounds = bounds.clone();
    this.counts = new LongAdder[bounds.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /// Where ranges end of which each is twice as wide as the one below.
  public static double[] doubling(double first, int ranges) {
    double[] bounds = new double[ranges];
    for (int i = 0; i < ranges; i++) {
      bounds[i] = first * (1L << i);
    }
    return bounds;
  }

  public void add(double value) {
    int range = 0;
    while (range < bounds.length && value > bounds[range]) {
      range++;
    }
    counts[range].increment();
    sum.add(value);
  }

  int ranges() {
    return bounds.length;
  }

  double bound(int range) {
    return bounds[range];
  }

  /// How many values lie in a range.
  long in(int range) {
    return counts[range].sum();
  }

  public double sum() {
    return sum.sum();
  }

  public long count() {
    long all = 0;
    for (LongAdder each : counts) {
      all += each.sum();
    }
    return all;
  }
}
