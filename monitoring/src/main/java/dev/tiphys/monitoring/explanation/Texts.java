package dev.tiphys.monitoring.explanation;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;

/// How things are said.
final class Texts {

  private static final int MOST = 5;

  private Texts() {}

  /// The first few of them.
  static String some(List<String> all) {
    return all.size() <= MOST
        ? String.join(", ", all)
        : String.join(", ", all.subList(0, MOST)) + " and " + (all.size() - MOST) + " more";
  }

  static String selector(Struct selector) {
    String text = LabelSelector.from(selector).toString();
    return text.isEmpty() ? "the empty selector" : text;
  }
}
