package dev.tiphys.controllers.common;

import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// A label selector as upstream prints it into messages.
public final class SelectorText {

  private SelectorText() {}

  /// @param field the selector; `nil` if it is none
  public static String of(@Nullable Object field) {
    if (!(field instanceof Struct selector)) {
      return "nil";
    }
    StringBuilder text = new StringBuilder("&LabelSelector{MatchLabels:map[string]string{");
    Struct labels = selector.struct("matchLabels");
    labels.names().stream()
        .sorted()
        .forEach(name -> text.append(name).append(": ").append(labels.string(name)).append(','));
    text.append("},MatchExpressions:[]LabelSelectorRequirement{");
    for (Struct expression : selector.structs("matchExpressions")) {
      text.append("LabelSelectorRequirement{Key:")
          .append(expression.string("key"))
          .append(",Operator:")
          .append(expression.string("operator"))
          .append(",Values:[")
          .append(String.join(" ", expression.strings("values")))
          .append("],},");
    }
    return text.append("},}").toString();
  }
}
