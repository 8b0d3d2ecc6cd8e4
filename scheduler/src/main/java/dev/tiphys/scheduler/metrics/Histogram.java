package dev.tiphys.scheduler.metrics;

/// How values are spread over ranges.
///
/// Threads: the scheduling task.
final class Histogram {

  private final double[] bounds;
  private final long[] counts;
  private double sum;

  /// Ranges each of which is twice as wide as the one below.
  Histogram(double first, int ranges) {
    bounds = new double[ranges];
    counts = new long[ranges + 1];
    for (int i = 0; i < ranges; i++) {
      bounds[i] = first * (1L << i);
    }
  }

  void add(double value) {
    int range = 0;
    while (range < bounds.length && value > bounds[range]) {
      range++;
    }
    counts[range]++;
    sum += value;
  }

  /// @param labels as `name="value",…`; empty for none
  void write(Page page, String name, String labels) {
    String more = labels.isEmpty() ? "" : labels + ",";
    long all = 0;
    for (int i = 0; i < bounds.length; i++) {
      all += counts[i];
      page.sample(name + "_bucket", more + "le=\"" + Page.number(bounds[i]) + "\"", all);
    }
    all += counts[bounds.length];
    page.sample(name + "_bucket", more + "le=\"+Inf\"", all);
    page.sample(name + "_sum", labels, sum);
    page.sample(name + "_count", labels, all);
  }
}
