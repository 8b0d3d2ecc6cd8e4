package dev.tiphys.network.proxy;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Hook;
import dev.tiphys.network.nftables.Hook.Point;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.network.nftables.Rule;
import dev.tiphys.network.nftables.SetSpec;
import dev.tiphys.network.nftables.Table;
import dev.tiphys.network.nftables.Transaction;
import dev.tiphys.network.nftables.Type;
import dev.tiphys.network.nftables.Verdict;
import java.util.List;

/// The part of the rules that does not depend on Services: where packets come in, and what they are
/// looked up in.
///
/// A new connection costs one look-up, two if its destination is the node; packets of connections
/// that are established cost none, since the kernel rewrites them by itself.
record Layout(Table table, ProxySettings proxy, List<Prefix> serviceRanges) {

  private static final int BEFORE_DESTINATION = Hook.DESTINATION - 10;
  private static final String NODE_ADDRESSES = "node-addresses";

  /// Writes the table, in place of the one that may be there.
  void write(Transaction transaction) {
    transaction.add(table).delete(table).add(table);
    for (Place place : Place.values()) {
      transaction.add(table, place.spec(family()));
    }
    writeNodeAddresses(transaction);
    transaction
        .addChain(table, Planner.REJECT)
        .addChain(table, "services")
        .addChain(table, "no-endpoints")
        .addChain(table, "unknown-ports");
    writeServices(transaction);
    writeRefusals(transaction);
    hook(transaction, "nat-prerouting", "nat", Point.PREROUTING, Hook.DESTINATION, "services");
    hook(transaction, "nat-output", "nat", Point.OUTPUT, Hook.DESTINATION, "services");
    writePostrouting(transaction);
    writeFirewall(transaction);
    hook(transaction, "filter-input", "filter", Point.INPUT, Hook.FILTER, "no-endpoints");
    hook(transaction, "filter-forward", "filter", Point.FORWARD, Hook.FILTER, "no-endpoints");
    hook(transaction, "filter-output", "filter", Point.OUTPUT, Hook.FILTER, "no-endpoints");
    transaction
        .add(table, "filter-forward", newConnection().then(Verdict.jump("unknown-ports")))
        .add(table, "filter-output", newConnection().then(Verdict.jump("unknown-ports")));
  }

  private Family family() {
    return table.family();
  }

  private Rule newConnection() {
    return Rule.of(family()).connectionState(Rule.NEW);
  }

  private void writeNodeAddresses(Transaction transaction) {
    SetSpec set = SetSpec.set(NODE_ADDRESSES, Type.address(family()));
    List<Element> own =
        proxy.network().addresses().stream()
            .filter(address -> Family.of(address) == family())
            .map(address -> Element.of(Key.of(address)))
            .toList();
    transaction.add(table, set);
    if (!own.isEmpty()) {
      transaction.addElements(table, set, own);
    }
  }

  private void hook(
      Transaction transaction, String name, String type, Point point, int priority, String chain) {
    Rule rule = type.equals("filter") ? newConnection() : Rule.of(family());
    transaction
        .addChain(table, name, Hook.of(type, point, priority))
        .add(table, name, rule.then(Verdict.jump(chain)));
  }

  private void writeServices(Transaction transaction) {
    writeForeign(transaction);
    transaction
        .add(table, "services", toAddress().verdictOf(Place.SERVICES.set(), 0))
        .add(table, "services", toNodePort().verdictOf(Place.NODE_PORTS.set(), 0));
  }

  /// What comes to a Service's own address from elsewhere than a Pod must find its way back by this
  /// node. Where Pods have their addresses from must be known for that.
  private void writeForeign(Transaction transaction) {
    List<Prefix> inside = proxy.masqueradeAll() ? List.of() : podRanges();
    if (inside.isEmpty() && !proxy.masqueradeAll()) {
      return;
    }
    Rule foreign = Rule.of(family()).destination(0).in(Place.CLUSTER_ADDRESSES.set(), 0).source(0);
    for (Prefix range : inside) {
      foreign.source(0).inPrefix(0, range.first(), range.bits(), false);
    }
    transaction.add(table, "services", foreign.setMark(Line.MASQUERADE));
  }

  private List<Prefix> podRanges() {
    return proxy.network().podRanges().stream()
        .filter(range -> range.family() == family())
        .toList();
  }

  private Rule toAddress() {
    int behind = family().registers();
    return Rule.of(family()).destination(0).protocol(behind).destinationPort(behind + 1);
  }

  private Rule toNodePort() {
    return Rule.of(family()).destination(0).in(NODE_ADDRESSES, 0).protocol(0).destinationPort(1);
  }

  private void writeRefusals(Transaction transaction) {
    transaction
        .add(table, Planner.REJECT, Rule.of(family()).isProtocol(6).reject(true))
        .add(table, Planner.REJECT, Rule.of(family()).reject(false))
        .add(table, "no-endpoints", toAddress().verdictOf(Place.NO_ENDPOINTS.set(), 0))
        .add(table, "no-endpoints", toNodePort().verdictOf(Place.NO_NODE_PORT_ENDPOINTS.set(), 0))
        .add(
            table,
            "unknown-ports",
            Rule.of(family())
                .destination(0)
                .in(Place.CLUSTER_ADDRESSES.set(), 0)
                .then(Verdict.goTo(Planner.REJECT)));
    for (Prefix range : serviceRanges) {
      if (range.family() == family()) {
        transaction.add(
            table,
            "unknown-ports",
            Rule.of(family())
                .destination(0)
                .inPrefix(0, range.first(), range.bits(), true)
                .then(Verdict.DROP));
      }
    }
  }

  private void writePostrouting(Transaction transaction) {
    int behind = family().registers();
    transaction
        .addChain(table, "nat-postrouting", Hook.of("nat", Point.POSTROUTING, Hook.SOURCE))
        .add(
            table,
            "nat-postrouting",
            Rule.of(family()).marked(Line.MASQUERADE, true).clearMark(Line.MASQUERADE).masquerade())
        .add(
            table,
            "nat-postrouting",
            Rule.of(family())
                .connectionStatus(Rule.DESTINATION_REWRITTEN, true)
                .source(0)
                .destination(behind)
                .in(Place.HAIRPINS.set(), 0)
                .masquerade());
  }

  /// Who may come by the address of a load balancer is judged before that address is rewritten.
  private void writeFirewall(Transaction transaction) {
    transaction
        .addChain(
            table, "firewall-prerouting", Hook.of("filter", Point.PREROUTING, BEFORE_DESTINATION))
        .addChain(table, "firewalls")
        .add(table, "firewalls", toAddress().verdictOf(Place.FIREWALL.set(), 0))
        .add(table, "firewall-prerouting", newConnection().then(Verdict.jump("firewalls")));
  }
}
