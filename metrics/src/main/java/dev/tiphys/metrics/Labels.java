package dev.tiphys.metrics;

import java.util.List;

/// The labels of a sample, by which those of one family are told apart.
final class Labels {

  private Labels() {}

  /// @param names in the order in which they are shown
  /// @param values as many
  static String text(List<String> names, List<String> values) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      text.append(i == 0 ? "" : ",").append(names.get(i)).append("=\"");
      text.append(escaped(values.get(i))).append('"');
    }
    return text.toString();
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
