package dev.tiphys.scheduler.plugins.topology;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.HashMap;
import java.util.Map;

/// A [Topology] for each of several labels, made as they turn up.
///
/// Threads: the scheduling task.
public final class Topologies {

  private final Cluster cluster;
  private final Map<String, Topology> byKey = new HashMap<>();

  public Topologies(Cluster cluster) {
    this.cluster = cluster;
  }

  public boolean isEmpty() {
    return byKey.isEmpty();
  }

  /// Notes a node's amounts by label, in place of what was noted in its slot before.
  public void note(NodeInfo node, Map<String, Long> amounts) {
    amounts.keySet().forEach(key -> byKey.computeIfAbsent(key, this::topology));
    byKey.forEach((key, topology) -> topology.note(node, amounts.getOrDefault(key, 0L)));
  }

  /// A topology that knows the domains of all nodes.
  private Topology topology(String key) {
    Topology topology = new Topology(key);
    cluster.nodes().forEach(node -> topology.note(node, 0));
    return topology;
  }

  public void forget(int slot) {
    byKey.values().forEach(topology -> topology.forget(slot));
  }

  /// The sums of all the domains that the node in a slot is in.
  public long sumAt(int slot) {
    long sum = 0;
    for (Topology topology : byKey.values()) {
      sum += topology.sumAt(slot);
    }
    return sum;
  }
}
