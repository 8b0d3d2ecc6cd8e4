package dev.tiphys.scheduler.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.object.selector.Requirement;
import dev.tiphys.object.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads the selector of Pods in a term of an affinity or in a spread constraint.
final class Selectors {

  private Selectors() {}

  /// The term's `labelSelector`, with what `matchLabelKeys` and `mismatchLabelKeys` make of the
  /// Pod's own labels. A term without selector matches no Pod.
  static LabelSelector ofPods(Struct term, Struct labels) {
    if (!term.has("labelSelector")) {
      return LabelSelector.NOTHING;
    }
    LabelSelector given = read(term.struct("labelSelector"));
    if (given == LabelSelector.NOTHING) {
      return given;
    }
    List<Requirement> all = new ArrayList<>(given.requirements());
    add(term.strings("matchLabelKeys"), labels, Operator.IN, all);
    add(term.strings("mismatchLabelKeys"), labels, Operator.NOT_IN, all);
    return LabelSelector.of(all);
  }

  /// A selector; one that can't be read matches nothing, and must not stop the others.
  static LabelSelector read(Struct selector) {
    try {
      return LabelSelector.from(selector);
    } catch (IllegalArgumentException e) {
      return LabelSelector.NOTHING;
    }
  }

  private static void add(
      List<String> keys, Struct labels, Operator operator, List<Requirement> all) {
    for (String key : keys) {
      if (labels.get(key) instanceof String value) {
        all.add(new Requirement(key, operator, Set.of(value)));
      }
    }
  }
}
