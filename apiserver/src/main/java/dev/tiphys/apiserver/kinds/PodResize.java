package dev.tiphys.apiserver.kinds;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// What a resize may take over into a Pod: the resources of its containers and how they may change.
final class PodResize {

  private PodResize() {}

  static Struct taken(Struct present, Struct wanted) {
    Struct next = present;
    for (String list : List.of("containers", "initContainers")) {
      List<Struct> own = present.structs("spec", list);
      if (!own.isEmpty()) {
        next = next.withAt(resized(own, wanted.structs("spec", list)), "spec", list);
      }
    }
    return next;
  }

  private static List<Object> resized(List<Struct> own, List<Struct> wanted) {
    List<Object> next = new ArrayList<>();
    for (Struct container : own) {
      Struct change = container;
      for (Struct other : wanted) {
        if (other.string("name").equals(container.string("name"))) {
          change = with(with(container, other, "resources"), other, "resizePolicy");
        }
      }
      next.add(change);
    }
    return List.copyOf(next);
  }

  private static Struct with(Struct container, Struct wanted, String field) {
    Object value = wanted.get(field);
    return value == null ? container.without(field) : container.with(field, value);
  }
}
