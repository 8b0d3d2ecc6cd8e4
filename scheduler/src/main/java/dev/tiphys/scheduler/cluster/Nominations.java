package dev.tiphys.scheduler.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The Pods that nodes are being cleared for, until they are placed: no Pod of lower priority may
/// take the room in between.
///
/// Threads: the scheduling task.
public final class Nominations {

  private final Map<String, String> nodeOf = new HashMap<>();
  private final Map<String, Map<String, PodInfo>> byNode = new HashMap<>();

  public void put(PodInfo pod, String node) {
    remove(pod);
    nodeOf.put(pod.uid(), node);
    byNode.computeIfAbsent(node, _ -> new LinkedHashMap<>()).put(pod.uid(), pod);
  }

  public void remove(PodInfo pod) {
    String node = nodeOf.remove(pod.uid());
    if (node != null) {
      byNode.computeIfPresent(
          node,
          (_, pods) -> {
            pods.remove(pod.uid());
            return pods.isEmpty() ? null : pods;
          });
    }
  }

  public boolean isEmpty() {
    return nodeOf.isEmpty();
  }

  /// The node that is being cleared for a Pod; empty if none is.
  public String nodeOf(PodInfo pod) {
    return nodeOf.getOrDefault(pod.uid(), "");
  }

  /// The Pods that come before `pod` on a node.
  public Collection<PodInfo> ahead(PodInfo pod, NodeInfo node) {
    if (byNode.isEmpty()) {
      return List.of();
    }
    List<PodInfo> ahead = new ArrayList<>();
    for (PodInfo other : byNode.getOrDefault(node.name(), Map.of()).values()) {
      if (other.priority() >= pod.priority() && !other.uid().equals(pod.uid())) {
        ahead.add(other);
      }
    }
    return ahead;
  }

  /// The Pods of lower priority that a node is being cleared for.
  public List<PodInfo> behind(PodInfo pod, NodeInfo node) {
    return byNode.getOrDefault(node.name(), Map.of()).values().stream()
        .filter(other -> other.priority() < pod.priority())
        .toList();
  }
}
