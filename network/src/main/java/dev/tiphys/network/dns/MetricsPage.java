package dev.tiphys.network.dns;

/// A page of metrics in Prometheus' text format.
///
/// Threads: one.
final class MetricsPage {

  private final StringBuilder out = new StringBuilder(16 << 10);

  void family(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  void sample(String name, String labels, double value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    String text = value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    out.append(' ').append(text).append('\n');
  }

  void counter(String name, String help, String labels, double value) {
    family(name, "counter", help);
    sample(name, labels, value);
  }

  void histogram(String name, String help, String labels, Distribution values) {
    family(name, "histogram", help);
    distribution(name, labels, values);
  }

  /// The samples of a histogram. The family comes before.
  void distribution(String name, String labels, Distribution values) {
    long below = 0;
    for (int i = 0; i < values.ranges(); i++) {
      below += values.in(i);
      sample(name + "_bucket", labels + ",le=\"" + values.bound(i) + "\"", below);
    }
    long count = values.count();
    sample(name + "_bucket", labels + ",le=\"+Inf\"", count);
    sample(name + "_sum", labels, values.sum());
    sample(name + "_count", labels, count);
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
