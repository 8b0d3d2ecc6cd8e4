package dev.tiphys.network.proxy;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.network.nftables.Verdict;
import dev.tiphys.network.proxy.Plan.Entry;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Plans the rules of a Service's port. Pure: the same port and endpoints give the same plan.
///
/// A port that is only known inside the cluster and has no particular policy is one chain with two
/// rules, however many endpoints it has. Cost: its endpoints.
final class Planner {

  /// The chain that refuses.
  static final String REJECT = "reject";

  private final String node;
  private final String zone;
  private final List<Prefix> podRanges;

  /// @param node this node
  /// @param zone in which it is; empty if that is not known
  /// @param podRanges where Pods have their addresses from
  Planner(String node, String zone, List<Prefix> podRanges) {
    this.node = node;
    this.zone = zone;
    this.podRanges = podRanges;
  }

  Plan plan(ServicePort port, List<Endpoint> endpoints) {
    return new One(port, Choice.of(endpoints, node, zone)).plan();
  }

  /// The plan of one port in the making.
  private final class One {
    private final ServicePort port;
    private final Choice choice;
    private final Map<String, List<Line>> chains = new LinkedHashMap<>();
    private final Set<String> memories = new HashSet<>();
    private final Set<Entry> entries = new LinkedHashSet<>();

    One(ServicePort port, Choice choice) {
      this.port = port;
      this.choice = choice;
    }

    Plan plan() {
      boolean clusterChain =
          !choice.cluster().isEmpty() && (!port.internalLocal() || port.isExternal());
      boolean localChain =
          !choice.local().isEmpty()
              && (port.internalLocal() || port.externalLocal() && port.isExternal());
      if (clusterChain) {
        balance(cluster(), choice.cluster());
      }
      if (localChain) {
        balance(local(), choice.local());
      }
      List<Endpoint> own = port.internalLocal() ? choice.local() : choice.cluster();
      lead(
          Place.SERVICES,
          Place.NO_ENDPOINTS,
          at(port.clusterAddress(), port.number()),
          port.internalLocal() ? local() : cluster(),
          own.isEmpty());
      entries.add(new Entry(Place.CLUSTER_ADDRESSES, Key.of(port.clusterAddress()), null));
      if (port.isExternal()) {
        planExternal();
      }
      choice.cluster().forEach(this::hairpin);
      choice.local().forEach(this::hairpin);
      return new Plan(chains, memories, List.copyOf(entries));
    }

    private String cluster() {
      return port.name() + "/cluster";
    }

    private String local() {
      return port.name() + "/local";
    }

    private Key at(InetAddress address, int number) {
      return Key.of(address).protocol(port.protocol().number()).port(number);
    }

    private void planExternal() {
      boolean nowhere = port.externalLocal() && choice.local().isEmpty();
      if (!choice.cluster().isEmpty()) {
        chains.put(external(), externalLines(nowhere));
      }
      for (InetAddress address : port.external()) {
        Key key = at(address, port.number());
        lead(Place.SERVICES, Place.NO_ENDPOINTS, key, external(), choice.cluster().isEmpty());
        if (port.balancers().contains(address) && !port.sources().isEmpty()) {
          entries.add(new Entry(Place.FIREWALL, key, Verdict.goTo(firewall())));
          chains.putIfAbsent(firewall(), firewallLines());
        }
      }
      if (port.nodePort() > 0) {
        Key key = Key.ofProtocol(port.protocol().number()).port(port.nodePort());
        lead(
            Place.NODE_PORTS,
            Place.NO_NODE_PORT_ENDPOINTS,
            key,
            external(),
            choice.cluster().isEmpty());
      }
    }

    private String external() {
      return port.name() + "/external";
    }

    private String firewall() {
      return port.name() + "/firewall";
    }

    /// Local means local for callers from outside: Pods and the node itself are sent to any
    /// endpoint.
    private List<Line> externalLines(boolean nowhere) {
      List<Line> lines = new ArrayList<>();
      if (!port.externalLocal()) {
        lines.add(new Line.Mark());
        lines.add(new Line.GoTo(cluster()));
        return lines;
      }
      for (Prefix range : podRanges) {
        if (range.family() == port.family()) {
          lines.add(new Line.From(range, cluster()));
        }
      }
      lines.add(new Line.FromNode(cluster()));
      lines.add(nowhere ? new Line.Drop() : new Line.GoTo(local()));
      return lines;
    }

    private List<Line> firewallLines() {
      List<Line> lines = new ArrayList<>();
      port.sources().forEach(range -> lines.add(new Line.Allow(range)));
      lines.add(new Line.Drop());
      return lines;
    }

    /// Lets an address and port lead to a chain. Without endpoints they lead to a refusal; or to
    /// nothing, if there are some that this node must not send to.
    private void lead(Place some, Place none, Key key, String chain, boolean empty) {
      if (!empty) {
        entries.add(new Entry(some, key, Verdict.goTo(chain)));
      } else if (choice.anywhere()) {
        entries.add(new Entry(none, key, Verdict.DROP));
      } else {
        entries.add(new Entry(none, key, Verdict.goTo(REJECT)));
      }
    }

    private void balance(String chain, List<Endpoint> endpoints) {
      List<Target> targets = endpoints.stream().map(Endpoint::target).distinct().toList();
      if (!port.affinity().isPositive()) {
        chains.put(chain, caught(List.of(new Line.Balance(targets)), targets));
        return;
      }
      String memory = chain + "/clients";
      memories.add(memory);
      chains.put(
          chain,
          caught(
              List.of(
                  new Line.Stick(memory, port.affinity(), targets),
                  new Line.BalanceAndRemember(memory, port.affinity(), targets)),
              targets));
    }

    /// Lines that choose among endpoints, and behind them one that always leads to an endpoint.
    ///
    /// As the kernel takes rules away it empties their maps at once for all packets, also for those
    /// that are just looking. Such a packet would go through all lines and find no server.
    private static List<Line> caught(List<Line> lines, List<Target> targets) {
      if (targets.size() == 1) {
        return lines;
      }
      List<Line> all = new ArrayList<>(lines);
      all.add(new Line.Balance(List.of(targets.getLast())));
      return List.copyOf(all);
    }

    private void hairpin(Endpoint endpoint) {
      if (endpoint.node().equals(node)) {
        InetAddress address = endpoint.target().address();
        entries.add(new Entry(Place.HAIRPINS, Key.of(address).address(address), null));
      }
    }
  }
}
