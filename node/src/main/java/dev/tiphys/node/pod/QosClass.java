package dev.tiphys.node.pod;

import dev.tiphys.object.Quantity;
import java.util.ArrayList;
import java.util.List;

/// How firmly a Pod is promised what it uses.
public enum QosClass {
  GUARANTEED("Guaranteed"),
  BURSTABLE("Burstable"),
  BEST_EFFORT("BestEffort");

  private static final List<String> COUNTED = List.of("cpu", "memory");

  private final String word;

  QosClass(String word) {
    this.word = word;
  }

  /// How the API spells it.
  public String word() {
    return word;
  }

  static QosClass of(Pod pod) {
    String known = pod.status().string("qosClass");
    for (QosClass qos : values()) {
      if (qos.word.equals(known)) {
        return qos;
      }
    }
    List<PodContainer> containers = new ArrayList<>(pod.initContainers());
    containers.addAll(pod.containers());
    boolean anything = false;
    boolean everything = true;
    for (PodContainer container : containers) {
      for (String resource : COUNTED) {
        Quantity limit = quantity(container, "limits", resource);
        Quantity request = quantity(container, "requests", resource);
        anything |= !limit.isZero() || !request.isZero();
        everything &= !limit.isZero() && (request.isZero() || request.equals(limit));
      }
    }
    if (!anything) {
      return BEST_EFFORT;
    }
    return everything ? GUARANTEED : BURSTABLE;
  }

  private static Quantity quantity(PodContainer container, String bound, String resource) {
    return Quantity.from(container.spec().get("resources", bound, resource));
  }
}
