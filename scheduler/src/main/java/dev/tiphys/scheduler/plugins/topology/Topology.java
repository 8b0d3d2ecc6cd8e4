package dev.tiphys.scheduler.plugins.topology;

import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Amounts noted node by node, and their sums over the nodes that have the same value of a label:
/// the nodes of a zone, say. Each such value is a domain, a small number.
///
/// Threads: the scheduling task.
public final class Topology {

  private static final int NONE = -1;

  private final String key;
  private final Map<String, Integer> domains = new HashMap<>();
  private int[] domainOf = new int[0];
  private long[] amounts = new long[0];
  private long[] sums = new long[8];
  private long total;

  /// @param key the label
  public Topology(String key) {
    this.key = key;
  }

  /// Notes a node's amount, in place of what was noted in its slot before.
  public void note(NodeInfo node, long amount) {
    put(node.slot(), node.hasLabel(key) ? domain(node.label(key)) : NONE, amount);
  }

  /// Drops what was noted in a slot.
  public void forget(int slot) {
    put(slot, NONE, 0);
  }

  private int domain(String value) {
    int domain = domains.computeIfAbsent(value, _ -> domains.size());
    if (domain >= sums.length) {
      sums = Arrays.copyOf(sums, domain * 2);
    }
    return domain;
  }

  private void put(int slot, int domain, long amount) {
    if (slot >= domainOf.length) {
      int from = domainOf.length;
      domainOf = Arrays.copyOf(domainOf, slot + slot / 4 + 8);
      Arrays.fill(domainOf, from, domainOf.length, NONE);
      amounts = Arrays.copyOf(amounts, domainOf.length);
    }
    count(domainOf[slot], -amounts[slot]);
    domainOf[slot] = domain;
    amounts[slot] = amount;
    count(domain, amount);
  }

  private void count(int domain, long amount) {
    if (domain != NONE) {
      sums[domain] += amount;
      total += amount;
    }
  }

  /// The domain of the node in a slot; negative if it has no such label.
  public int domainAt(int slot) {
    return slot < domainOf.length ? domainOf[slot] : NONE;
  }

  /// More than the number of any domain.
  public int domains() {
    return domains.size();
  }

  /// The sum of the domain that the node in a slot is in; 0 if it is in none.
  public long sumAt(int slot) {
    int domain = domainAt(slot);
    return domain == NONE ? 0 : sums[domain];
  }

  public long sumOf(int domain) {
    return sums[domain];
  }

  /// The sum over all domains.
  public long total() {
    return total;
  }

  /// What was noted for the node in a slot.
  public long amountAt(int slot) {
    return slot < amounts.length ? amounts[slot] : 0;
  }
}
