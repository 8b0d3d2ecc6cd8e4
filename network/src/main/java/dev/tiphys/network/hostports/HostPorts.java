package dev.tiphys.network.hostports;

import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.conntrack.Flows;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Transaction;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The ports of the node that lead to Pods (`hostPort`).
///
/// They answer on the node's addresses, or on the one that the Pod names, to callers from outside,
/// from the node (by `localhost` as well) and from Pods, the same Pod included. Cost of a Pod: one
/// small transaction; of a connection: two look-ups in maps; of nothing: a look every 30 s at
/// whether the rules are still there.
///
/// Threads: any.
public final class HostPorts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HostPorts.class.getName());
  private static final Path FROM_LOCALHOST = Path.of("/proc/sys/net/ipv4/conf/all/route_localnet");
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final World world;
  private final NetlinkSocket socket;
  private final SupervisedTask task;
  private final List<Rules> families;
  private final Map<String, List<Forward>> forwards = new HashMap<>();

  /// @throws IOException if the kernel cannot be asked
  public HostPorts(World world, NetworkSettings settings) throws IOException {
    this.world = world;
    this.socket = settings.namespace().open(NetlinkSocket.NETFILTER);
    this.task = world.supervisor().task("host-ports", OnFailure.RESTART);
    this.families =
        settings.families().stream()
            .map(family -> new Rules(family, settings.table("hostports"), socket))
            .toList();
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
    rebuild();
    letLocalhostPass();
    task.start(this::run);
  }

  private static boolean isOver(Struct pod) {
    String phase = pod.string("status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  private void run() throws InterruptedException {
    while (true) {
      world.background().sleep(LOOK);
      try {
        look();
        task.problem("");
      } catch (IOException e) {
        task.problem("the kernel takes no rules of the node's ports: " + e.getMessage());
      }
    }
  }

  private synchronized void look() throws IOException {
    if (!isThere()) {
      LOG.log(
          Level.WARNING,
          "the rules of the node's ports are made anew, since another program changed them");
      rebuild();
    }
  }

  private boolean isThere() throws IOException {
    for (Rules rules : families) {
      if (!rules.isThere(all())) {
        return false;
      }
    }
    return true;
  }

  private List<Forward> all() {
    return forwards.values().stream().flatMap(List::stream).toList();
  }

  private void rebuild() throws IOException {
    Transaction transaction = new Transaction();
    families.forEach(rules -> rules.build(transaction, all()));
    transaction.commit(socket);
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
    look();
    Transaction transaction = new Transaction();
    for (Rules rules : families) {
      rules.change(transaction::deleteElements, present);
      rules.change(transaction::addElements, wanted);
    }
    transaction.commit(socket);
    forwards.put(uid, wanted);
    forgetFlows(present);
    forgetFlows(wanted);
    letLocalhostPass();
  }

  /// Lets the ports of a Pod lead nowhere.
  public synchronized void release(String uid) {
    List<Forward> present = forwards.remove(uid);
    if (present == null) {
      return;
    }
    Transaction transaction = new Transaction();
    families.forEach(rules -> rules.change(transaction::deleteElements, present));
    try {
      transaction.commit(socket);
      forgetFlows(present);
    } catch (IOException e) {
      // The next look makes up for it.
      LOG.log(
          Level.WARNING, "ports of the node still lead to a pod that is gone: {0}", e.getMessage());
    }
  }

  /// Datagrams go on to where the first of their flow went: to a Pod that had the port before, or
  /// to the node itself when no Pod had it.
  private void forgetFlows(List<Forward> changed) throws IOException {
    for (Rules rules : families) {
      List<Forward> datagrams =
          changed.stream()
              .filter(one -> one.family() == rules.family() && one.protocol() == Protocol.UDP)
              .toList();
      if (!datagrams.isEmpty()) {
        List<Forward> now = all();
        int _ =
            Flows.forget(
                rules.family(),
                flow ->
                    datagrams.stream().anyMatch(one -> one.isAskedBy(flow))
                        && now.stream().noneMatch(one -> one.isFollowedBy(flow)),
                socket);
      }
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

  /// Lets go of the kernel; the rules stay.
  @Override
  public void close() {
    task.close();
    socket.close();
  }
}
