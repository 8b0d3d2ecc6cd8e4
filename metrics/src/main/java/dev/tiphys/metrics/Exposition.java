package dev.tiphys.metrics;

import java.math.BigDecimal;

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

  /// Families that are written already.
  public Exposition page(String text) {
    out.append(text);
    return this;
  }

  /// A number as upstream spells it: what is very small has an exponent of two digits.
  public static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    String text = Double.toString(value);
    int exponent = text.indexOf('E');
    if (exponent < 0) {
      return text;
    }
    int power = Integer.parseInt(text, exponent + 1, text.length(), 10);
    String digits = text.substring(0, exponent).replaceFirst("\\.0$", "");
    if (power >= -4 && power < 0) {
      return new BigDecimal(text).stripTrailingZeros().toPlainString();
    }
    return "%se%s%02d".formatted(digits, power < 0 ? "-" : "+", Math.abs(power));
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
