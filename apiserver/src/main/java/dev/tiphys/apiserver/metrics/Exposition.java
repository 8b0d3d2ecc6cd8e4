package dev.tiphys.apiserver.metrics;

/// Metrics in Prometheus' text format. See
/// <https://prometheus.io/docs/instrumenting/exposition_formats/>.
public final class Exposition {

  private final StringBuilder out = new StringBuilder(16 << 10);

  /// Begins a family of metrics; its samples follow.
  ///
  /// @param type `counter`, `gauge` or `histogram`
  public Exposition family(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return this;
  }

  /// A sample.
  ///
  /// @param labels as `name="value",…`; empty for none
  public Exposition sample(String name, String labels, double value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(number(value)).append('\n');
    return this;
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
