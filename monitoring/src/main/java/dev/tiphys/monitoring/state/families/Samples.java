package dev.tiphys.monitoring.state.families;

import dev.tiphys.metrics.Exposition;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Takes what one object adds to a family, without what all of its samples have in common: the name
/// of the family, and the labels that name the object.
///
/// Threads: one.
public final class Samples {

  private final StringBuilder text = new StringBuilder(256);

  /// A sample with more labels than those that name the object.
  ///
  /// @param labels names and values, by turns
  public Samples add(double value, String... labels) {
    for (int i = 0; i < labels.length; i += 2) {
      label(text, labels[i], labels[i + 1]);
    }
    text.append("} ").append(Exposition.number(value)).append('\n');
    return this;
  }

  /// Appends a label, after another one.
  static void label(StringBuilder to, String name, String value) {
    to.append(',').append(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> to.append("\\\\");
        case '"' -> to.append("\\\"");
        case '\n' -> to.append("\\n");
        default -> to.append(c);
      }
    }
    to.append('"');
  }

  /// Moves all of them elsewhere, as bytes.
  void drainTo(ByteArrayOutputStream out) {
    out.writeBytes(text.toString().getBytes(StandardCharsets.UTF_8));
    text.setLength(0);
  }
}
