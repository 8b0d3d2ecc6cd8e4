package dev.tiphys.scheduler.metrics;

/// Metrics in Prometheus' text format.
final class Page {

  private final StringBuilder out = new StringBuilder(4 << 10);

  /// Begins a family of metrics; its samples follow.
  ///
  /// @param type `counter`, `gauge` or `histogram`
  void family(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  /// @param labels as `name="value",…`; empty for none
  void sample(String name, String labels, double value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(number(value)).append('\n');
  }

  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
