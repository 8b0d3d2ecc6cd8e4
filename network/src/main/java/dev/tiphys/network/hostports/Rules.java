package dev.tiphys.network.hostports;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Hook;
import dev.tiphys.network.nftables.Rule;
import dev.tiphys.network.nftables.SetSpec;
import dev.tiphys.network.nftables.Table;
import dev.tiphys.network.nftables.Transaction;
import dev.tiphys.network.nftables.Type;
import dev.tiphys.network.nftables.Verdict;
import dev.tiphys.network.nftables.Watch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The rules of one family by which ports of the node lead to Pods.
///
/// Threads: one.
final class Rules {

  /// Before the ports of Services: what a Pod asks of its node is more particular.
  private static final int PRIORITY = Hook.DESTINATION - 5;

  private final Table table;
  private final SetSpec ports;
  private final SetSpec addressedPorts;
  private final SetSpec itself;
  private final Watch watch;
  private int common; // rules, which are all: Pods are elements alone

  Rules(Family family, String name, NetlinkSocket socket) {
    Type address = Type.address(family);
    Type target = Type.of(address, Type.PORT);
    this.table = new Table(family, name);
    this.ports = SetSpec.map("ports", Type.of(Type.PROTOCOL, Type.PORT), target);
    this.addressedPorts =
        SetSpec.map("addressed-ports", Type.of(address, Type.PROTOCOL, Type.PORT), target);
    this.itself = SetSpec.set("itself", Type.of(address, address));
    this.watch = new Watch(table, socket);
  }

  Table table() {
    return table;
  }

  Family family() {
    return table.family();
  }

  /// Makes the table anew, in place of what was there.
  void build(Transaction transaction, Collection<Forward> forwards) {
    int before = transaction.rules();
    transaction
        .add(table)
        .delete(table)
        .add(table)
        .add(table, ports)
        .add(table, addressedPorts)
        .add(table, itself)
        .addChain(table, "forward")
        .addChain(table, "prerouting", Hook.of("nat", Hook.Point.PREROUTING, PRIORITY))
        .addChain(table, "output", Hook.of("nat", Hook.Point.OUTPUT, PRIORITY))
        .addChain(table, "postrouting", Hook.of("nat", Hook.Point.POSTROUTING, Hook.SOURCE));
    Family family = family();
    int behind = family.registers();
    Rule local = Rule.of(family).toThisMachine(true).then(Verdict.jump("forward"));
    transaction
        .add(table, "prerouting", local)
        .add(table, "output", local)
        .add(
            table,
            "forward",
            Rule.of(family)
                .destination(0)
                .protocol(behind)
                .destinationPort(behind + 1)
                .map(addressedPorts.name(), 0, 0)
                .sendTo(0, behind))
        .add(
            table,
            "forward",
            Rule.of(family)
                .protocol(0)
                .destinationPort(1)
                .map(ports.name(), 0, 0)
                .sendTo(0, behind))
        .add(
            table,
            "postrouting",
            Rule.of(family)
                .connectionStatus(Rule.DESTINATION_REWRITTEN, true)
                .source(0)
                .destination(behind)
                .in(itself.name(), 0)
                .masquerade());
    if (family == Family.IPV4) {
      guardLoopback(transaction);
    }
    common = transaction.rules() - before;
    change(transaction::addElements, forwards);
  }

  /// What goes from `localhost` to a Pod leaves under the node's address; and nothing from outside
  /// gets to the node's loopback because that is let pass.
  private void guardLoopback(Transaction transaction) {
    Prefix loopback = Prefix.of("127.0.0.0/8");
    transaction
        .add(
            table,
            "postrouting",
            Rule.of(Family.IPV4)
                .connectionStatus(Rule.DESTINATION_REWRITTEN, true)
                .source(0)
                .inPrefix(0, loopback.first(), loopback.bits(), true)
                .masquerade())
        .addChain(table, "guard", Hook.of("filter", Hook.Point.PREROUTING, Hook.RAW))
        .add(
            table,
            "guard",
            Rule.of(Family.IPV4)
                .comesByOtherThan("lo")
                .destination(0)
                .inPrefix(0, loopback.first(), loopback.bits(), true)
                .then(Verdict.DROP));
  }

  /// Adds elements or deletes them.
  interface Change {
    Transaction make(Table table, SetSpec set, List<Element> elements);
  }

  /// Changes what forwards have in the table.
  void change(Change change, Collection<Forward> forwards) {
    elements(forwards)
        .forEach(
            (set, elements) -> {
              if (!elements.isEmpty()) {
                change.make(table, set, new ArrayList<>(elements));
              }
            });
  }

  private Map<SetSpec, Set<Element>> elements(Collection<Forward> forwards) {
    Set<Element> plain = new HashSet<>();
    Set<Element> addressed = new HashSet<>();
    Set<Element> own = new HashSet<>();
    for (Forward forward : forwards) {
      if (forward.family() == family()) {
        (forward.address() == null ? plain : addressed).add(forward.entry());
        own.add(forward.itself());
      }
    }
    return Map.of(ports, plain, addressedPorts, addressed, itself, own);
  }

  /// Whether the rules are still there, which other programs may have removed with everything else.
  ///
  /// @throws IOException if the kernel cannot be asked
  boolean isThere(Collection<Forward> forwards) throws IOException {
    return watch.holds(
        () -> {
          Map<SetSpec, Integer> sizes = new HashMap<>();
          elements(forwards).forEach((set, elements) -> sizes.put(set, elements.size()));
          return new Watch.Contents(common, sizes);
        });
  }
}
