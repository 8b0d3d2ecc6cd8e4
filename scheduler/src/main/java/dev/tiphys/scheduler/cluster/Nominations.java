package dev.tiphys.scheduler.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The Pods that nodes are being cleared for, until they are placed: no Pod of lower priority may
/// take the room in between.
///
/// Threads: the scheduling task.
public final class Nominations {

  private final Cluster cluster;

  /// By the Pods' uids.
  private final Map<String, NodeInfo> nodeOf = new HashMap<>();

  private long changes;

  public Nominations(Cluster cluster) {
    this.cluster = cluster;
  }

  /// @param node its name; it need not be known yet
  public void put(PodInfo pod, String node) {
    remove(pod);
    NodeInfo cleared = cluster.place(node);
    nodeOf.put(pod.uid(), cleared);
    cleared.nominate(pod, ++changes);
  }

  public void remove(PodInfo pod) {
    NodeInfo node = nodeOf.remove(pod.uid());
    if (node != null) {
      node.denominate(pod, ++changes);
      cluster.releaseIfUnused(node);
    }
  }

  /// Another number after each change of the Pods that a node is being cleared for; 0 if there are
  /// none.
  public long version(NodeInfo node) {
    return node.nominated().isEmpty() ? 0 : node.nominationVersion();
  }

  public boolean isEmpty() {
    return nodeOf.isEmpty();
  }

  /// The node that is being cleared for a Pod; empty if none is.
  public String nodeOf(PodInfo pod) {
    NodeInfo node = nodeOf.get(pod.uid());
    return node == null ? "" : node.name();
  }

  /// The Pods that come before `pod` on a node.
  public Collection<PodInfo> ahead(PodInfo pod, NodeInfo node) {
    if (node.nominated().isEmpty()) {
      return List.of();
    }
    List<PodInfo> ahead = new ArrayList<>();
    for (PodInfo other : node.nominated()) {
      if (other.priority() >= pod.priority() && !other.uid().equals(pod.uid())) {
        ahead.add(other);
      }
    }
    return ahead;
  }

  /// The Pods of lower priority that a node is being cleared for.
  public List<PodInfo> behind(PodInfo pod, NodeInfo node) {
    return node.nominated().stream().filter(other -> other.priority() < pod.priority()).toList();
  }
}
