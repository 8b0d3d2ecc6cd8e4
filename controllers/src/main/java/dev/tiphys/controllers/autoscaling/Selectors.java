package dev.tiphys.controllers.autoscaling;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which Pods each autoscaler's target has, as far as it was looked at.
///
/// Threads: any.
final class Selectors {

  private final Map<ObjectKey, LabelSelector> selectors = new ConcurrentHashMap<>();

  void put(ObjectKey autoscaler, LabelSelector selector) {
    selectors.put(autoscaler, selector);
  }

  void remove(ObjectKey autoscaler) {
    selectors.remove(autoscaler);
  }

  /// The autoscalers of a namespace that any of its Pods `pods` belong to, in order.
  List<ObjectKey> selecting(String namespace, List<Struct> pods) {
    return selectors.entrySet().stream()
        .filter(entry -> entry.getKey().namespace().equals(namespace))
        .filter(
            entry -> pods.stream().anyMatch(pod -> entry.getValue().matches(Meta.of(pod).labels())))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
