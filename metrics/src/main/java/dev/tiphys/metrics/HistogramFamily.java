package dev.tiphys.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How long one thing took, by labels.
///
/// Threads: any.
public final class HistogramFamily {

  private final String name;
  private final String help;
  private final double[] bounds;
  private final List<String> labels;
  private final Map<List<String>, Histogram> histograms = new ConcurrentHashMap<>();

  /// @param bounds the upper bounds of the buckets in seconds, not copied
  /// @param labels their names, in the order in which they are shown
  public HistogramFamily(String name, String help, double[] bounds, String... labels) {
    this.name = name;
    this.help = help;
    this.bounds = bounds;
    this.labels = List.of(labels);
  }

  /// The histogram of some labels. What records often keeps it.
  ///
  /// @param values of the labels, which must be few in the long run: each combination is kept
  public Histogram of(String... values) {
    return histograms.computeIfAbsent(List.of(values), _ -> new Histogram(bounds));
  }

  /// Writes all of them, if there are any.
  public void write(Exposition out) {
    if (!histograms.isEmpty()) {
      out.family(name, "histogram", help);
      histograms.forEach((values, each) -> each.write(out, name, Labels.text(labels, values)));
    }
  }
}
