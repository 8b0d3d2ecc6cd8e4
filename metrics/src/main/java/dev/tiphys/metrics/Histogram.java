package dev.tiphys.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// How long something took, each time it was done.
///
/// Threads: any.
public final class Histogram {

  private final double[] bounds;
  private final AtomicLongArray buckets;
  private final LongAdder nanos = new LongAdder();
  private final LongAdder sizes = new LongAdder();

  /// @param bounds the upper bounds of its buckets in seconds, not copied
  public Histogram(double[] bounds) {
    this.bounds = bounds;
    this.buckets = new AtomicLongArray(bounds.length + 1);
  }

  /// Bounds that grow by a factor.
  public static double[] exponential(double first, double factor, int count) {
    double[] bounds = new double[count];
    double bound = first;
    for (int i = 0; i < count; i++) {
      bounds[i] = bound;
      bound *= factor;
    }
    return bounds;
  }

  /// Counts one that took `span` nanoseconds.
  public void record(long span) {
    count(span / 1e9);
    nanos.add(span);
  }

  /// Counts one of a size, where it is no time that is measured: the bounds are sizes too. Spans
  /// that are too long to be added up in nanoseconds are sizes in seconds.
  public void recordSize(long size) {
    count(size);
    sizes.add(size);
  }

  private void count(double value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    buckets.incrementAndGet(bucket);
  }

  /// Writes its samples.
  ///
  /// @param labels as `name="value",…`; empty for none
  public void write(Exposition out, String name, String labels) {
    String more = labels.isEmpty() ? "" : labels + ",";
    long count = 0;
    for (int i = 0; i < bounds.length; i++) {
      count += buckets.get(i);
      out.sample(name + "_bucket", more + "le=\"" + Exposition.number(bounds[i]) + "\"", count);
    }
    count += buckets.get(bounds.length);
    out.sample(name + "_bucket", more + "le=\"+Inf\"", count);
    out.sample(name + "_sum", labels, sizes.sum() + nanos.sum() / 1e9);
    out.sample(name + "_count", labels, count);
  }
}
