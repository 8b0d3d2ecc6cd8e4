package dev.tiphys.network.policy;

import dev.tiphys.network.netlink.NetlinkSocket;
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
import dev.tiphys.network.nftables.Watch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The rules of one family as they are in the kernel, and how they come to be as plans say.
///
/// The first packet of a connection is looked up by its source and by its destination; it leaves
/// the table if neither is a Pod that is isolated. Packets that follow, and answers, pass at once.
/// What the node itself sends is not looked at. What comes to the node from a Pod that is isolated
/// is, unless it comes to a port of a program that looks at policies itself.
///
/// Threads: one.
final class Program {
  private static final int ICMP_OF_IPV6 = 58;
  private static final int TCP = 6;
  private static final List<Integer> NEIGHBOUR_DISCOVERY = List.of(133, 135, 136);

  private final Table table;
  private final NetlinkSocket socket;
  private final Watch watch;
  private Map<InetAddress, Plan> plans = new HashMap<>();
  private Memberships memberships;
  private int common; // rules that no plan has
  private Set<InetSocketAddress> wantedEntrances = Set.of();
  private Set<InetSocketAddress> entrances = Set.of(); // as the kernel has them

  Program(Family family, String table, NetlinkSocket socket) {
    this.table = new Table(family, table);
    this.socket = socket;
    this.watch = new Watch(this.table, socket);
    this.memberships = new Memberships(family);
  }

  private Family family() {
    return table.family();
  }

  /// Has what comes to some ports of the node let in with the next change.
  void letIn(Set<InetSocketAddress> ports) {
    wantedEntrances =
        ports.stream()
            .filter(port -> Family.of(port.getAddress()) == family())
            .collect(Collectors.toUnmodifiableSet());
  }

  private SetSpec entranceSet() {
    return SetSpec.set("entrances", Type.of(Type.address(family()), Type.PROTOCOL, Type.PORT));
  }

  private static List<Element> elements(Set<InetSocketAddress> ports) {
    return ports.stream()
        .map(port -> Element.of(Key.of(port.getAddress()).protocol(TCP).port(port.getPort())))
        .toList();
  }

  private void writeEntrances(Transaction transaction, Set<InetSocketAddress> present) {
    Set<InetSocketAddress> gone = new HashSet<>(present);
    gone.removeAll(wantedEntrances);
    Set<InetSocketAddress> come = new HashSet<>(wantedEntrances);
    come.removeAll(present);
    if (!gone.isEmpty()) {
      transaction.deleteElements(table, entranceSet(), elements(gone));
    }
    if (!come.isEmpty()) {
      transaction.addElements(table, entranceSet(), elements(come));
    }
  }

  /// Makes the table anew, in place of what was there.
  ///
  /// @param wanted the plans of addresses, those of the other family too
  /// @throws IOException if the kernel does not take it; then all is as it was
  void rebuild(Map<InetAddress, Plan> wanted, Collection<Member> pods) throws IOException {
    Transaction transaction = new Transaction();
    writeLayout(transaction);
    common = transaction.rules();
    writeEntrances(transaction, Set.of());
    Memberships fresh = new Memberships(family());
    Map<InetAddress, Plan> next = new HashMap<>();
    write(transaction, own(wanted), next, fresh, pods);
    transaction.commit(socket);
    entrances = wantedEntrances;
    plans = next;
    memberships = fresh;
  }

  /// Changes some plans, and leaves the others.
  ///
  /// @param wanted the new ones; [Plan#OPEN] for an address that is to have none
  /// @param changed Pods that have changed, by their uid; those that `pods` lacks are gone
  /// @param pods all of them
  /// @throws IOException if the kernel does not take it; then the rules are as they were, and
  ///   [#rebuild] is the only way on
  void change(Map<InetAddress, Plan> wanted, Set<String> changed, Map<String, Member> pods)
      throws IOException {
    changed.forEach(uid -> memberships.update(uid, pods.get(uid)));
    Map<InetAddress, Plan> different = own(wanted);
    different
        .entrySet()
        .removeIf(one -> one.getValue().equals(plans.getOrDefault(one.getKey(), Plan.OPEN)));
    Transaction transaction = new Transaction();
    writeEntrances(transaction, entrances);
    write(transaction, different, plans, memberships, pods.values());
    if (!transaction.isEmpty()) {
      transaction.commit(socket);
      entrances = wantedEntrances;
    } else if (!wanted.isEmpty() && !isThere()) {
      throw new IOException("another program has changed the rules");
    }
  }

  private Map<InetAddress, Plan> own(Map<InetAddress, Plan> wanted) {
    Map<InetAddress, Plan> own = new HashMap<>();
    wanted.forEach(
        (address, plan) -> {
          if (Family.of(address) == family()) {
            own.put(address, plan);
          }
        });
    return own;
  }

  /// Whether the rules are still there, which other programs may have removed with everything else.
  /// Costs one small question unless something has changed a table since the last time.
  ///
  /// @throws IOException if the kernel cannot be asked
  boolean isThere() throws IOException {
    return watch.holds(this::contents);
  }

  private Watch.Contents contents() {
    int rules = common;
    Map<SetSpec, Integer> elements = memberships.sizes();
    elements.put(entranceSet(), entrances.size());
    for (Direction direction : Direction.values()) {
      int isolated = 0;
      for (Plan plan : plans.values()) {
        List<Line> lines = plan.chains().get(direction);
        if (lines != null) {
          rules += lines.size() + 1;
          isolated++;
        }
      }
      elements.put(isolated(direction), isolated);
    }
    return new Watch.Contents(rules, elements);
  }

  private void writeLayout(Transaction transaction) {
    transaction.add(table).delete(table).add(table);
    for (Direction direction : Direction.values()) {
      transaction.add(table, isolated(direction));
    }
    transaction.add(table, entranceSet());
    transaction
        .addChain(table, "forward", Hook.of("filter", Point.FORWARD, Hook.FILTER))
        .addChain(table, "input", Hook.of("filter", Point.INPUT, Hook.FILTER));
    Rule egress = Rule.of(family()).source(0).verdictOf(isolated(Direction.EGRESS).name(), 0);
    transaction
        .add(table, "forward", answers())
        .add(table, "forward", egress)
        .add(
            table,
            "forward",
            Rule.of(family()).destination(0).verdictOf(isolated(Direction.INGRESS).name(), 0))
        .add(table, "input", answers());
    if (family() == Family.IPV6) {
      transaction.add(table, "input", neighbourDiscovery());
    }
    int behind = family().registers();
    transaction
        .add(
            table,
            "input",
            Rule.of(family())
                .destination(0)
                .protocol(behind)
                .destinationPort(behind + 1)
                .in(entranceSet().name(), 0)
                .then(Verdict.ACCEPT))
        .add(table, "input", egress);
  }

  private Rule answers() {
    return Rule.of(family()).connectionState(Rule.ESTABLISHED | Rule.RELATED).then(Verdict.ACCEPT);
  }

  /// Without which a Pod finds no way to its node at all.
  private Rule neighbourDiscovery() {
    List<Element> types =
        NEIGHBOUR_DISCOVERY.stream().map(type -> Element.of(Key.ofProtocol(type))).toList();
    return Rule.of(family())
        .isProtocol(ICMP_OF_IPV6)
        .icmpType(0)
        .inUnnamed(Type.ICMPV6_TYPE, false, types, 0)
        .then(Verdict.ACCEPT);
  }

  /// From the address of a Pod that is isolated to its chain.
  private SetSpec isolated(Direction direction) {
    return SetSpec.map("isolated-" + direction.field(), Type.address(family()), Type.VERDICT);
  }

  private static String chain(InetAddress address, Direction direction) {
    return address.getHostAddress() + "/" + direction.field();
  }

  /// What leads to something is written behind it, and taken away before it.
  private void write(
      Transaction transaction,
      Map<InetAddress, Plan> wanted,
      Map<InetAddress, Plan> present,
      Memberships members,
      Collection<Member> pods) {
    Map<InetAddress, Plan> before = new HashMap<>();
    wanted.forEach(
        (address, plan) -> {
          before.put(address, present.getOrDefault(address, Plan.OPEN));
          if (plan.equals(Plan.OPEN)) {
            present.remove(address);
          } else {
            present.put(address, plan);
          }
        });
    Set<Selection> unused = wanted.isEmpty() ? Set.of() : members.selections();
    if (!wanted.isEmpty()) {
      for (Plan plan : present.values()) {
        for (Selection selection : plan.selections()) {
          unused.remove(selection);
          if (!members.has(selection)) {
            members.add(selection, pods);
            transaction.add(table, selection.spec(family()));
          }
        }
      }
    }
    unused.forEach(members::remove);
    writeElements(transaction, members);
    wanted.forEach(
        (address, plan) ->
            writeChains(transaction, address, before.getOrDefault(address, Plan.OPEN), plan));
    unused.forEach(selection -> transaction.delete(table, selection.spec(family())));
  }

  private void writeElements(Transaction transaction, Memberships members) {
    members
        .take()
        .forEach(
            (selection, change) -> {
              SetSpec set = selection.spec(family());
              if (!change.removed().isEmpty()) {
                transaction.deleteElements(table, set, change.removed());
              }
              if (!change.added().isEmpty()) {
                transaction.addElements(table, set, change.added());
              }
            });
  }

  private void writeChains(Transaction transaction, InetAddress address, Plan before, Plan plan) {
    for (Direction direction : Direction.values()) {
      List<Line> old = before.chains().get(direction);
      List<Line> lines = plan.chains().get(direction);
      String chain = chain(address, direction);
      List<Element> entry = List.of(Element.to(Key.of(address), Verdict.jump(chain)));
      if (lines != null && !lines.equals(old)) {
        if (old == null) {
          transaction.addChain(table, chain);
        } else {
          transaction.flushChain(table, chain);
        }
        lines.forEach(line -> transaction.add(table, chain, line.rule(family(), direction)));
        transaction.add(table, chain, Rule.of(family()).then(Verdict.DROP));
        if (old == null) {
          transaction.addElements(table, isolated(direction), entry);
        }
      } else if (lines == null && old != null) {
        transaction
            .deleteElements(table, isolated(direction), entry)
            .flushChain(table, chain)
            .deleteChain(table, chain);
      }
    }
  }
}
