package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// Lists of tolerations.
final class PodTolerations {

  private PodTolerations() {}

  /// Those of both lists, without those that others cover.
  static List<Struct> merged(List<Struct> first, List<Struct> second) {
    List<Struct> all = new ArrayList<>(first);
    all.addAll(second);
    List<Struct> merged = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Struct each = all.get(i);
      List<Struct> later = all.subList(i + 1, all.size());
      boolean needless =
          merged.stream().anyMatch(other -> covers(other, each))
              || later.stream().anyMatch(other -> !other.equals(each) && covers(other, each));
      if (!needless) {
        merged.add(each);
      }
    }
    return merged;
  }

  /// Whether all are covered by a list.
  static boolean areCovered(List<Struct> tolerations, List<Struct> by) {
    return tolerations.stream()
        .allMatch(each -> by.stream().anyMatch(other -> covers(other, each)));
  }

  /// Whether one tolerates all that the other does.
  private static boolean covers(Struct wide, Struct narrow) {
    if (wide.equals(narrow)) {
      return true;
    }
    String key = wide.string("key");
    String effect = wide.string("effect");
    boolean exists = wide.string("operator").equals("Exists");
    boolean sameKey = narrow.string("key").equals(key) || (key.isEmpty() && exists);
    boolean sameEffect = narrow.string("effect").equals(effect) || effect.isEmpty();
    if (!sameKey || !sameEffect || endsSooner(wide, narrow)) {
      return false;
    }
    return switch (wide.string("operator")) {
      case "Equal", "" ->
          narrow.string("operator").equals("Equal")
              && narrow.string("value").equals(wide.string("value"));
      case "Exists" -> true;
      default -> false;
    };
  }

  private static boolean endsSooner(Struct wide, Struct narrow) {
    String field = "tolerationSeconds";
    return wide.string("effect").equals("NoExecute")
        && wide.has(field)
        && (!narrow.has(field) || narrow.integer(field) > wide.integer(field));
  }
}
