package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Amounts noted node by node, summed up over the nodes that have the same value of a label: the
/// nodes of a zone, say.
///
/// Threads: the scheduling task.
final class Topology {

  private static final int UNKNOWN = -2;
  private static final int NONE = -1;

  private final String key;
  private final Map<String, Integer> domains = new HashMap<>();
  private int[] domainOf = new int[0];
  private long[] amounts = new long[0];
  private long[] sums = new long[0];

  /// @param key the label
  Topology(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  /// Notes a node's amount, in place of what was noted in its slot before.
  void note(NodeInfo node, long amount) {
    int slot = node.slot();
    if (slot >= domainOf.length) {
      int from = domainOf.length;
      int size = slot + slot / 4 + 8;
      domainOf = Arrays.copyOf(domainOf, size);
      Arrays.fill(domainOf, from, size, UNKNOWN);
      amounts = Arrays.copyOf(amounts, size);
    }
    domainOf[slot] =
        node.hasLabel(key) ? domains.computeIfAbsent(node.label(key), _ -> domains.size()) : NONE;
    amounts[slot] = amount;
  }

  /// Sums up the amounts of these nodes. Those that were never noted have none.
  void sumUp(List<NodeInfo> nodes) {
    if (sums.length < domains.size()) {
      sums = new long[domains.size() * 2];
    }
    Arrays.fill(sums, 0);
    for (NodeInfo node : nodes) {
      int slot = node.slot();
      if (slot < domainOf.length && domainOf[slot] >= 0) {
        sums[domainOf[slot]] += amounts[slot];
      }
    }
  }

  /// The domain of a node, a small number; negative if it has no such label.
  int domain(NodeInfo node) {
    int slot = node.slot();
    if (slot >= domainOf.length || domainOf[slot] == UNKNOWN) {
      note(node, 0);
    }
    return domainOf[slot];
  }

  /// More than any domain's number.
  int domains() {
    return domains.size();
  }

  /// What was summed up for the domain that a node is in; 0 if it is in none.
  long sum(NodeInfo node) {
    int domain = domain(node);
    return domain >= 0 && domain < sums.length ? sums[domain] : 0;
  }

  long sumOf(int domain) {
    return domain < sums.length ? sums[domain] : 0;
  }

  /// What was noted for a node itself.
  long amount(NodeInfo node) {
    return node.slot() < amounts.length ? amounts[node.slot()] : 0;
  }
}
