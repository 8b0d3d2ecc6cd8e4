package dev.tiphys.node.measuring;

import dev.tiphys.metrics.Exposition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Samples in the order in which they are found, told family by family.
///
/// Threads: one.
final class Figures {

  private record Family(String type, String help, List<Sample> samples) {}

  private record Sample(String labels, double value) {}

  private final Map<String, Family> families = new LinkedHashMap<>();

  /// @param labels names and values, by turns
  void gauge(String name, String help, double value, String... labels) {
    add(name, "gauge", help, value, labels);
  }

  /// @param labels names and values, by turns
  void counter(String name, String help, double value, String... labels) {
    add(name, "counter", help, value, labels);
  }

  private void add(String name, String type, String help, double value, String... labels) {
    families
        .computeIfAbsent(name, _ -> new Family(type, help, new ArrayList<>()))
        .samples()
        .add(new Sample(text(labels), value));
  }

  private static String text(String... labels) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < labels.length; i += 2) {
      String value = labels[i + 1];
      text.append(i == 0 ? "" : ",").append(labels[i]).append("=\"");
      text.append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
      text.append('"');
    }
    return text.toString();
  }

  void write(Exposition out) {
    families.forEach(
        (name, family) -> {
          out.family(name, family.type(), family.help());
          family.samples().forEach(each -> out.sample(name, each.labels(), each.value()));
        });
  }
}
