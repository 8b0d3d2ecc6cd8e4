package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A [Topology] for each of several labels, made as they turn up.
///
/// Threads: the scheduling task.
final class Topologies {

  private final Map<String, Topology> byKey = new HashMap<>();

  /// Notes a node's amounts by label, in place of what was noted in its slot before.
  void note(NodeInfo node, Map<String, Long> amounts) {
    amounts.keySet().forEach(key -> byKey.computeIfAbsent(key, Topology::new));
    byKey.forEach((key, topology) -> topology.note(node, amounts.getOrDefault(key, 0L)));
  }

  /// Sums up the amounts of these nodes. Returns whether there are any labels.
  boolean sumUp(List<NodeInfo> nodes) {
    byKey.values().forEach(topology -> topology.sumUp(nodes));
    return !byKey.isEmpty();
  }

  /// The sums of all the domains that a node is in.
  long sum(NodeInfo node) {
    long sum = 0;
    for (Topology topology : byKey.values()) {
      sum += topology.sum(node);
    }
    return sum;
  }

  /// Whether any of the domains that a node is in has something.
  boolean any(NodeInfo node) {
    for (Topology topology : byKey.values()) {
      if (topology.sum(node) > 0) {
        return true;
      }
    }
    return false;
  }
}
