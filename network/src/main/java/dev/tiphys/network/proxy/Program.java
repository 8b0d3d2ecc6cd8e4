package dev.tiphys.network.proxy;

import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.SetSpec;
import dev.tiphys.network.nftables.Table;
import dev.tiphys.network.nftables.Tables;
import dev.tiphys.network.nftables.Transaction;
import dev.tiphys.network.nftables.Type;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The rules of one family as they are in the kernel, and how they come to be as plans say.
///
/// Cost of a change: what differs between the old plan of a port and the new one, in one
/// transaction for all ports that change together.
///
/// Threads: one.
final class Program {
  private final Table table;
  private final Layout layout;
  private final NetlinkSocket socket;
  private Map<String, Plan> plans = new HashMap<>();
  private Claims claims = new Claims();

  Program(
      Family family, NetworkSettings settings, List<Prefix> serviceRanges, NetlinkSocket socket) {
    this.table = new Table(family, settings.table("proxy"));
    this.layout = new Layout(table, settings, serviceRanges);
    this.socket = socket;
  }

  Family family() {
    return table.family();
  }

  /// How many ports there are.
  int size() {
    return plans.size();
  }

  /// Makes the table anew with what these plans say, in place of what was there.
  ///
  /// @throws IOException if the kernel does not take it; then all is as it was
  void rebuild(Map<String, Plan> wanted) throws IOException {
    Transaction transaction = new Transaction();
    layout.write(transaction);
    Claims fresh = new Claims();
    write(transaction, wanted, Map.of(), fresh);
    transaction.commit(socket);
    plans = new HashMap<>(wanted);
    plans.values().removeIf(Plan.NOTHING::equals);
    claims = fresh;
  }

  /// Changes some plans, and leaves the others.
  ///
  /// @param wanted the new ones by port; [Plan#NOTHING] for a port that is to go
  /// @return how many differed
  /// @throws IOException if the kernel does not take it; then the rules are as they were, and
  ///   [#rebuild] is the only way on
  int change(Map<String, Plan> wanted) throws IOException {
    Map<String, Plan> different = new HashMap<>();
    wanted.forEach(
        (port, plan) -> {
          if (!plan.equals(plans.getOrDefault(port, Plan.NOTHING))) {
            different.put(port, plan);
          }
        });
    if (different.isEmpty()) {
      return 0;
    }
    Transaction transaction = new Transaction();
    write(transaction, different, plans, claims);
    transaction.commit(socket);
    different.forEach(
        (port, plan) -> {
          if (plan.equals(Plan.NOTHING)) {
            plans.remove(port);
          } else {
            plans.put(port, plan);
          }
        });
    return different.size();
  }

  /// What leads to a chain is written behind the chain, and taken away before it.
  private void write(
      Transaction transaction, Map<String, Plan> wanted, Map<String, Plan> present, Claims owners) {
    wanted.forEach(
        (port, plan) -> {
          Plan before = present.getOrDefault(port, Plan.NOTHING);
          writeMemories(transaction, before, plan);
          writeChains(transaction, before, plan);
          owners.change(port, before.entries(), plan.entries());
        });
    owners
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
    wanted.forEach(
        (port, plan) -> removeRest(transaction, present.getOrDefault(port, Plan.NOTHING), plan));
  }

  private void writeMemories(Transaction transaction, Plan before, Plan plan) {
    plan.memories()
        .forEach(
            (name, span) -> {
              if (!before.memories().containsKey(name)) {
                transaction.add(table, memory(name, span));
              }
            });
  }

  private SetSpec memory(String name, Duration span) {
    Type address = Type.address(table.family());
    return SetSpec.map(name, address, Type.of(address, Type.PORT)).remembering(span);
  }

  private void writeChains(Transaction transaction, Plan before, Plan plan) {
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

  private void removeRest(Transaction transaction, Plan before, Plan plan) {
    Set<String> chains = new HashSet<>(before.chains().keySet());
    chains.removeAll(plan.chains().keySet());
    // One may lead to another: all are emptied first.
    chains.forEach(chain -> transaction.flushChain(table, chain));
    chains.forEach(chain -> transaction.deleteChain(table, chain));
    before
        .memories()
        .forEach(
            (name, span) -> {
              if (!plan.memories().containsKey(name)) {
                transaction.delete(table, memory(name, span));
              }
            });
  }

  /// Whether the table is still there, which other programs may have removed with everything else.
  ///
  /// @throws IOException if the kernel cannot be asked
  boolean isThere() throws IOException {
    return Tables.beginningWith(table.name(), socket).contains(table);
  }
}
