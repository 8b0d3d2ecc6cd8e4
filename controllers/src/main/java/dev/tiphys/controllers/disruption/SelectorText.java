package dev.tiphys.controllers.disruption;

import dev.tiphys.object.Struct;

/// A label selector as upstream prints it into events.
final class SelectorText {

  private SelectorText() {}

  static String of(Struct selector) {
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
