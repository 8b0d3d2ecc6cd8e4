package dev.tiphys.network.hostports;

import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.conntrack.Flows;
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
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// The ports of the node that lead to Pods (`hostPort`).
///
/// They answer on the node's addresses, or on the one that the Pod names, to callers from outside,
/// from the node (by `localhost` as well) and from Pods, the same Pod included. Cost of a Pod: one
/// small transaction; of a connection: two look-ups in maps.
///
/// Threads: any.
public final class HostPorts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HostPorts.class.getName());
  private static final Path FROM_LOCALHOST = Path.of("/proc/sys/net/ipv4/conf/all/route_localnet");

  /// Before the ports of Services: what a Pod asks of its node is more particular.
  private static final int PRIORITY = Hook.DESTINATION - 5;

  private final NetlinkSocket socket;
  private final List<Rules> families;
  private final Map<String, List<Forward>> forwards = new HashMap<>();

  /// The rules of one family.
  private record Rules(Table table, SetSpec ports, SetSpec addressedPorts, SetSpec itself) {
    static Rules of(Family family, String name) {
      Type address = Type.address(family);
      Type target = Type.of(address, Type.PORT);
      return new Rules(
          new Table(family, name),
          SetSpec.map("ports", Type.of(Type.PROTOCOL, Type.PORT), target),
          SetSpec.map("addressed-ports", Type.of(address, Type.PROTOCOL, Type.PORT), target),
          SetSpec.set("itself", Type.of(address, address)));
    }
  }

  /// @throws IOException if the kernel cannot be asked
  public HostPorts(NetworkSettings settings) throws IOException {
    this.socket = settings.namespace().open(NetlinkSocket.NETFILTER);
    this.families =
        List.of(
            Rules.of(Family.IPV4, settings.table("hostports")),
            Rules.of(Family.IPV6, settings.table("hostports")));
  }

  /// Puts rules into the kernel for the Pods that run already, in place of those of an earlier
  /// process.
  ///
  /// @throws IOException if the kernel does not take them
  public synchronized void start(List<Struct> pods) throws IOException {
    for (Struct pod : pods) {
      List<Forward> wanted =
          Forward.of(
              pod, pod.structs("status", "podIPs").stream().map(one -> one.string("ip")).toList());
      if (!wanted.isEmpty() && !isOver(pod)) {
        forwards.put(Meta.of(pod).uid(), wanted);
      }
    }
    Transaction transaction = new Transaction();
    for (Rules rules : families) {
      build(transaction, rules);
    }
    transaction.commit(socket);
    letLocalhostPass();
  }

  private static boolean isOver(Struct pod) {
    String phase = pod.string("status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  private void build(Transaction transaction, Rules rules) {
    Table table = rules.table();
    transaction
        .add(table)
        .delete(table)
        .add(table)
        .add(table, rules.ports())
        .add(table, rules.addressedPorts())
        .add(table, rules.itself())
        .addChain(table, "forward")
        .addChain(table, "prerouting", Hook.of("nat", Hook.Point.PREROUTING, PRIORITY))
        .addChain(table, "output", Hook.of("nat", Hook.Point.OUTPUT, PRIORITY))
        .addChain(table, "postrouting", Hook.of("nat", Hook.Point.POSTROUTING, Hook.SOURCE));
    Family family = table.family();
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
                .map(rules.addressedPorts().name(), 0, 0)
                .sendTo(0, behind))
        .add(
            table,
            "forward",
            Rule.of(family)
                .protocol(0)
                .destinationPort(1)
                .map(rules.ports().name(), 0, 0)
                .sendTo(0, behind))
        .add(
            table,
            "postrouting",
            Rule.of(family)
                .connectionStatus(Rule.DESTINATION_REWRITTEN, true)
                .source(0)
                .destination(behind)
                .in(rules.itself().name(), 0)
                .masquerade());
    if (family == Family.IPV4) {
      guardLoopback(transaction, table);
    }
    for (List<Forward> all : forwards.values()) {
      change(transaction::addElements, rules, all);
    }
  }

  /// What goes from `localhost` to a Pod leaves under the node's address; and nothing from outside
  /// gets to the node's loopback because that is let pass.
  private static void guardLoopback(Transaction transaction, Table table) {
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

  /// Lets the ports of a Pod lead to it. When this returns, they do.
  ///
  /// @throws IOException if the kernel does not take the rules, for example since another Pod has
  ///   one of the ports
  public synchronized void protect(Struct pod, List<String> addresses) throws IOException {
    String uid = Meta.of(pod).uid();
    List<Forward> wanted = Forward.of(pod, addresses);
    List<Forward> present = forwards.getOrDefault(uid, List.of());
    if (wanted.equals(present)) {
      return;
    }
    Transaction transaction = new Transaction();
    for (Rules rules : families) {
      change(transaction::deleteElements, rules, present);
      change(transaction::addElements, rules, wanted);
    }
    transaction.commit(socket);
    forwards.put(uid, wanted);
    forgetFlows(present);
    forgetFlows(wanted);
    letLocalhostPass();
  }

  /// Datagrams go on to where the first of their flow went: to a Pod that had the port before, or
  /// to the node itself when no Pod had it.
  private void forgetFlows(List<Forward> changed) throws IOException {
    List<Forward> now = forwards.values().stream().flatMap(List::stream).toList();
    for (Family family : Family.values()) {
      List<Forward> datagrams =
          changed.stream()
              .filter(one -> one.family() == family && one.protocol() == Protocol.UDP)
              .toList();
      if (!datagrams.isEmpty()) {
        int _ =
            Flows.forget(
                family,
                flow ->
                    datagrams.stream().anyMatch(one -> one.isAskedBy(flow))
                        && now.stream().noneMatch(one -> one.isFollowedBy(flow)),
                socket);
      }
    }
  }

  /// Lets the ports of a Pod lead nowhere.
  public synchronized void release(String uid) {
    List<Forward> present = forwards.remove(uid);
    if (present == null) {
      return;
    }
    Transaction transaction = new Transaction();
    for (Rules rules : families) {
      change(transaction::deleteElements, rules, present);
    }
    try {
      transaction.commit(socket);
      forgetFlows(present);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING, "ports of the node still lead to a pod that is gone: {0}", e.getMessage());
    }
  }

  private interface Change {
    Transaction make(Table table, SetSpec set, List<Element> elements);
  }

  private static void change(Change change, Rules rules, List<Forward> forwards) {
    List<Forward> own =
        forwards.stream().filter(f -> f.family() == rules.table().family()).toList();
    change(change, rules, rules.ports(), own, f -> f.address() == null, Forward::entry);
    change(change, rules, rules.addressedPorts(), own, f -> f.address() != null, Forward::entry);
    change(change, rules, rules.itself(), own, _ -> true, Forward::itself);
  }

  private static void change(
      Change change,
      Rules rules,
      SetSpec set,
      List<Forward> forwards,
      Predicate<Forward> which,
      Function<Forward, Element> how) {
    Set<Element> elements = new HashSet<>();
    forwards.stream().filter(which).map(how).forEach(elements::add);
    if (!elements.isEmpty()) {
      change.make(rules.table(), set, new ArrayList<>(elements));
    }
  }

  private void letLocalhostPass() {
    if (forwards.isEmpty()) {
      return;
    }
    try {
      Files.writeString(FROM_LOCALHOST, "1");
    } catch (IOException e) {
      LOG.log(Level.WARNING, "ports of pods are not reached by localhost: {0}", e.getMessage());
    }
  }

  /// Removes all rules, so that no port leads to a Pod any more.
  ///
  /// @throws IOException if the kernel cannot be asked
  public synchronized void remove() throws IOException {
    Transaction transaction = new Transaction();
    for (Rules rules : families) {
      transaction.add(rules.table()).delete(rules.table());
    }
    transaction.commit(socket);
  }

  /// Lets go of the kernel; the rules stay.
  @Override
  public void close() {
    socket.close();
  }
}
