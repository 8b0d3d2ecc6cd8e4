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
  private final Map<String, Nominated> byNode = new HashMap<>();
  private long changes;

  /// The Pods of one node, and when they changed.
  private record Nominated(Map<String, PodInfo> pods, long version) {
    static final Nominated NONE = new Nominated(Map.of(), 0);
  }

  public void put(PodInfo pod, String node) {
    remove(pod);
    nodeOf.put(pod.uid(), node);
    Map<String, PodInfo> pods = new LinkedHashMap<>(at(node).pods);
    pods.put(pod.uid(), pod);
    byNode.put(node, new Nominated(pods, ++changes));
  }

  public void remove(PodInfo pod) {
    String node = nodeOf.remove(pod.uid());
    if (node == null) {
      return;
    }
    Map<String, PodInfo> pods = new LinkedHashMap<>(at(node).pods);
    pods.remove(pod.uid());
    if (pods.isEmpty()) {
      byNode.remove(node);
    } else {
      byNode.put(node, new Nominated(pods, ++changes));
    }
  }

  private Nominated at(String node) {
    return byNode.getOrDefault(node, Nominated.NONE);
  }

  /// Another number after each change of the Pods that a node is being cleared for; 0 if there are
  /// none.
  public long version(NodeInfo node) {
    return at(node.name()).version;
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
    for (PodInfo other : at(node.name()).pods.values()) {
      if (other.priority() >= pod.priority() && !other.uid().equals(pod.uid())) {
        ahead.add(other);
      }
    }
    return ahead;
  }

  /// The Pods of lower priority that a node is being cleared for.
  public List<PodInfo> behind(PodInfo pod, NodeInfo node) {
    return at(node.name()).pods.values().stream()
        .filter(other -> other.priority() < pod.priority())
        .toList();
  }
}
