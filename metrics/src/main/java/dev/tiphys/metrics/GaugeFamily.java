package dev.tiphys.metrics;

import java.util.List;
import java.util.Map;

/// Values of one thing by labels, as they are when they are asked for.
///
/// @param labels their names, in the order in which they are shown
public record GaugeFamily(String name, String help, List<String> labels) {

  /// @param labels their names, in the order in which they are shown
  public GaugeFamily(String name, String help, String... labels) {
    this(name, help, List.of(labels));
  }

  public GaugeFamily {
    labels = List.copyOf(labels);
  }

  /// Writes values, if there are any.
  ///
  /// @param values by those of the labels
  public void write(Exposition out, Map<List<String>, ? extends Number> values) {
    if (!values.isEmpty()) {
      out.family(name, "gauge", help);
      values.forEach(
          (each, value) -> out.sample(name, Labels.text(labels, each), value.doubleValue()));
    }
  }
}
