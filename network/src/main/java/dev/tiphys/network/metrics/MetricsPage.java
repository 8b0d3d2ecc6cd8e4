package dev.tiphys.network.metrics;

import java.math.BigDecimal;

/// A page of metrics in Prometheus' text format.
///
/// Threads: one.
public final class MetricsPage {

  private final StringBuilder out = new StringBuilder(16 << 10);

  /// The head of a family, whose samples follow.
  public void family(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  /// @param labels as `a="1",b="2"`; empty for none
  public void sample(String name, String labels, double value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(number(value)).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : BigDecimal.valueOf(value).toPlainString();
  }

  /// A family with one sample.
  public void gauge(String name, String help, double value) {
    family(name, "gauge", help);
    sample(name, "", value);
  }

  /// A family with one sample.
  public void counter(String name, String help, String labels, double value) {
    family(name, "counter", help);
    sample(name, labels, value);
  }

  /// A family with the samples of one histogram.
  public void histogram(String name, String help, String labels, Distribution values) {
    family(name, "histogram", help);
    distribution(name, labels, values);
  }

  /// The samples of a histogram. The family comes before.
  public void distribution(String name, String labels, Distribution values) {
    String before = labels.isEmpty() ? "" : labels + ",";
    long below = 0;
    for (int i = 0; i < values.ranges(); i++) {
      below += values.in(i);
      sample(name + "_bucket", before + "le=\"" + number(values.bound(i)) + "\"", below);
    }
    long count = values.count();
    sample(name + "_bucket", before + "le=\"+Inf\"", count);
    sample(name + "_sum", labels, values.sum());
    sample(name + "_count", labels, count);
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
