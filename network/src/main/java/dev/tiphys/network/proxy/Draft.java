package dev.tiphys.network.proxy;

import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.SetSpec;
import dev.tiphys.network.nftables.Table;
import dev.tiphys.network.nftables.Transaction;
import dev.tiphys.network.nftables.Type;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A transaction that turns plans of ports into others, and what will be so once it is committed.
///
/// Threads: one.
final class Draft {

  /// Elements of memories say themselves how long they stay; this is the longest.
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Table table;
  private final Map<String, Plan> present;
  private final Claims claims;
  private final Map<String, List<Element>> memories;
  private final Transaction transaction = new Transaction();
  private final TreeMap<Integer, String> ports = new TreeMap<>();
  private Map<String, Plan> wanted = Map.of();

  /// @param present the plans as they are
  /// @param claims what they claim; changes with the draft
  /// @param memories which clients were known in memories that are made anew
  Draft(
      Table table, Map<String, Plan> present, Claims claims, Map<String, List<Element>> memories) {
    this.table = table;
    this.present = present;
    this.claims = claims;
    this.memories = memories;
  }

  Transaction transaction() {
    return transaction;
  }

  Claims claims() {
    return claims;
  }

  /// The plans as they will be.
  Map<String, Plan> plans() {
    Map<String, Plan> plans = present.isEmpty() ? new HashMap<>() : present;
    wanted.forEach(
        (port, plan) -> {
          if (plan.equals(Plan.NOTHING)) {
            plans.remove(port);
          } else {
            plans.put(port, plan);
          }
        });
    return plans;
  }

  /// Whether it makes the table anew.
  boolean isAnew() {
    return present.isEmpty();
  }

  /// What leads to a chain is written behind the chain, and taken away before it.
  Draft write(Map<String, Plan> wanted) {
    this.wanted = wanted;
    wanted.forEach(
        (port, plan) -> {
          ports.put(transaction.steps(), port);
          Plan before = before(port);
          writeMemories(before, plan);
          writeChains(before, plan);
          claims.change(port, before.entries(), plan.entries());
        });
    ports.put(transaction.steps(), "");
    writeClaims();
    wanted.forEach(
        (port, plan) -> {
          ports.put(transaction.steps(), port);
          removeRest(before(port), plan);
        });
    ports.put(transaction.steps(), "");
    return this;
  }

  private Plan before(String port) {
    return present.getOrDefault(port, Plan.NOTHING);
  }

  private void writeClaims() {
    claims
        .take()
        .forEach(
            (place, change) -> {
              SetSpec set = place.spec(table.family());
              if (!change.removed().isEmpty()) {
                transaction.deleteElements(table, set, change.removed());
              }
              if (!change.added().isEmpty()) {
                transaction.addElements(table, set, change.added());
              }
            });
  }

  private void writeMemories(Plan before, Plan plan) {
    for (String name : plan.memories()) {
      if (!before.memories().contains(name)) {
        SetSpec memory = memory(table, name);
        transaction.add(table, memory);
        List<Element> known = memories.getOrDefault(name, List.of());
        if (!known.isEmpty()) {
          transaction.addElements(table, memory, known);
        }
      }
    }
  }

  /// A map that knows to which endpoint clients were sent.
  static SetSpec memory(Table table, String name) {
    return SetSpec.map(name, Type.address(table.family()), Type.MARK).remembering(LONGEST);
  }

  private void writeChains(Plan before, Plan plan) {
    for (String chain : plan.chains().keySet()) {
      if (!before.chains().containsKey(chain)) {
        transaction.addChain(table, chain);
      }
    }
    plan.chains()
        .forEach(
            (chain, lines) -> {
              List<Line> old = before.chains().get(chain);
              if (lines.equals(old)) {
                return;
              }
              if (old != null) {
                transaction.flushChain(table, chain);
              }
              lines.forEach(line -> transaction.add(table, chain, line.rule(table.family())));
            });
  }

  private void removeRest(Plan before, Plan plan) {
    Set<String> chains = new HashSet<>(before.chains().keySet());
    chains.removeAll(plan.chains().keySet());
    // One may lead to another: all are emptied first.
    chains.forEach(chain -> transaction.flushChain(table, chain));
    chains.forEach(chain -> transaction.deleteChain(table, chain));
    for (String name : before.memories()) {
      if (!plan.memories().contains(name)) {
        transaction.delete(table, memory(table, name));
      }
    }
  }

  /// The port for which a step of the transaction is; null if it is for none in particular.
  @Nullable String portOf(int step) {
    Map.Entry<Integer, String> section = ports.floorEntry(step);
    return section == null || section.getValue().isEmpty() ? null : section.getValue();
  }

  /// Lets the claims be as they were, since the transaction will not be made.
  void undo() {
    wanted.forEach((port, plan) -> claims.change(port, plan.entries(), before(port).entries()));
    claims.take();
  }
}
