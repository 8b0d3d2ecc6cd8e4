package dev.tiphys.network.policy;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.conntrack.Flows;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The policies of one node: follows NetworkPolicies, Pods and namespaces, and has the kernel let
/// through what they say.
///
/// What changes is in the kernel as soon as it is known, in one transaction of each family for all
/// that changes together; nothing is done when nothing changes, but for a look every 30 s at
/// whether the rules are still there. What the kernel refuses leaves the last good rules in force.
///
/// Connections that are made already go on when a policy changes: it is about new ones.
///
/// Threads: any.
public final class NetworkPolicies implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final System.Logger LOG = System.getLogger(NetworkPolicies.class.getName());
  private static final Duration RETRY = Duration.ofSeconds(1);

  /// How long a Pod waits for what is known of policies to be complete.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final World world;
  private final Api api;
  private final Observed observed;
  private final Roster roster;
  private final List<Family> families;
  private final List<Program> programs;
  private final NetlinkSocket socket;
  private final SupervisedTask task;
  private final Object lock = new Object();
  private final Rulings rulings;
  private final Set<Gate> waiting = new HashSet<>();
  private NameServers names = NameServers.of(List.of(), Struct.EMPTY);
  private Map<String, ObjectKey> guardedAnew = new HashMap<>();
  private Set<InetSocketAddress> entrances = Set.of();
  private volatile boolean synced;
  private boolean stale = true;

  /// @param api as `system:tiphys:network-policy` sees it
  /// @throws IOException if the kernel cannot be asked
  public NetworkPolicies(World world, Api api, NetworkSettings settings) throws IOException {
    this.world = world;
    this.api = api;
    this.observed = new Observed(world, api);
    this.rulings =
        new Rulings(
            namespace -> observed.policies(namespace).stream().map(Policy::of).toList(),
            NetworkPolicies::isOfThisMachine);
    this.roster = new Roster(settings.node(), observed, rulings);
    this.socket = settings.namespace().open(NetlinkSocket.NETFILTER);
    this.families = settings.families();
    this.programs =
        settings.families().stream()
            .map(family -> new Program(family, settings.table("policy"), socket))
            .toList();
    this.task = world.supervisor().task("network-policy", OnFailure.RESTART);
  }

  /// Starts to work, and returns at once.
  public void start() {
    observed.start();
    task.start(this::run);
  }

  /// Returns once the kernel holds to all policies that are about a Pod, which has its addresses
  /// but no container yet. Policies that were made before this call are among them if the API can
  /// be asked; else the last ones that are known. Who may talk to the Pod besides may be learnt a
  /// little later. What others sent under the Pod's addresses before it had them counts no more:
  /// established connections and answers pass, and those of the last owner are none of the Pod's.
  ///
  /// @throws IOException if that cannot be; the Pod must not run before another call succeeded
  public void protect(Struct pod, List<String> addresses) throws IOException, InterruptedException {
    long end = world.nanoTime() + PATIENCE.toNanos();
    awaitSynced(end);
    awaitKnown(Meta.of(pod).namespace(), end);
    List<InetAddress> own = addresses.stream().map(InetAddress::ofLiteral).toList();
    synchronized (lock) {
      guardedAnew.putAll(roster.guard(pod, own));
      look();
      follow();
    }
    // A Pod whose status names an address has had it for a while: its flows are its own.
    List<InetAddress> before = Member.addressesOf(pod);
    for (InetAddress address : own) {
      if (families.contains(Family.of(address)) && !before.contains(address)) {
        int _ = Flows.forgetOf(address, socket);
      }
    }
  }

  /// Forgets a Pod of this node whose addresses are given back.
  public void release(String uid) {
    synchronized (lock) {
      guardedAnew.putAll(roster.release(uid));
    }
    observed.changed().open();
  }

  /// Lets all Pods of this node come to some of its ports, whatever policies say of their egress.
  /// What listens there asks [#let] before it passes anything on. Returns once the kernel does, if
  /// policies are known already.
  ///
  /// @throws IOException if the kernel refuses; it is tried again
  public void letIn(Set<InetSocketAddress> ports) throws IOException {
    synchronized (lock) {
      if (!ports.equals(entrances)) {
        entrances = Set.copyOf(ports);
        programs.forEach(each -> each.letIn(entrances));
        if (synced) {
          follow();
        }
      }
    }
  }

  /// Whether policies let a connection by TCP through. Nothing is let through before all of them
  /// are known. Does not wait.
  ///
  /// @param from the address of a Pod, or any other
  public boolean let(InetAddress from, InetSocketAddress to) {
    return synced && rulings.let(from, to);
  }

  /// The node itself is always let in.
  private static boolean isOfThisMachine(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  private void awaitSynced(long end) throws IOException, InterruptedException {
    Gate gate = world.gate();
    synchronized (lock) {
      if (synced) {
        return;
      }
      waiting.add(gate);
    }
    boolean passed = gate.await(left(end));
    synchronized (lock) {
      waiting.remove(gate);
      if (!passed && !synced) {
        throw new IOException("the network policies of the cluster are not known yet");
      }
    }
  }

  private Duration left(long end) {
    return Duration.ofNanos(Math.max(end - world.nanoTime(), 0));
  }

  /// A policy may be older than a Pod and yet be heard of later, since each is watched for itself.
  private void awaitKnown(String namespace, long end) throws IOException, InterruptedException {
    Gate gate = world.gate();
    synchronized (lock) {
      waiting.add(gate);
    }
    try {
      while (!observed.knows(listed(namespace))) {
        if (!gate.await(left(end)) && left(end).isZero()) {
          throw new IOException("the newest network policies are not known yet");
        }
      }
    } finally {
      synchronized (lock) {
        waiting.remove(gate);
      }
    }
  }

  private List<Struct> listed(String namespace) {
    try {
      return api.list(ApiResource.NETWORK_POLICIES, namespace, ListOptions.ALL).items();
    } catch (ApiException _) {
      return List.of();
    }
  }

  private void run() throws InterruptedException {
    observed.awaitSynced();
    synchronized (lock) {
      synced = true;
      stale = true;
    }
    long looked = world.nanoTime();
    while (true) {
      boolean done = step();
      if (!done) {
        world.background().sleep(RETRY);
      } else if (!observed.changed().await(left(looked + LOOK.toNanos()))
          || left(looked + LOOK.toNanos()).isZero()) {
        look();
        looked = world.nanoTime();
      }
    }
  }

  private boolean step() {
    synchronized (lock) {
      try {
        follow();
        task.problem("");
        return true;
      } catch (IOException e) {
        task.problem("the kernel refuses the rules of policies: " + e.getMessage());
        return false;
      } finally {
        waiting.forEach(Gate::open);
      }
    }
  }

  private void look() {
    synchronized (lock) {
      try {
        for (Program program : programs) {
          if (!stale && !program.isThere()) {
            stale = true;
            LOG.log(
                Level.WARNING,
                "the rules of policies are made anew, since another program changed them");
          }
        }
      } catch (IOException e) {
        stale = true;
      }
    }
  }

  /// Makes the rules as they are to be.
  ///
  /// @throws IOException if the kernel refuses them; the last ones stay in force, and all are made
  ///   anew the next time
  private void follow() throws IOException {
    Observed.Changes changes = observed.take();
    Map<String, ObjectKey> guarded = guardedAnew;
    guardedAnew = new HashMap<>();
    if (!stale) {
      try {
        change(changes, guarded);
        return;
      } catch (IOException e) {
        // Another program may have removed the rules: they are made anew.
        stale = true;
      }
    }
    rebuild();
    stale = false;
  }

  private void change(Observed.Changes changes, Map<String, ObjectKey> guarded) throws IOException {
    Map<String, ObjectKey> pods = new HashMap<>(changes.pods());
    pods.putAll(guarded);
    changes.namespaces().forEach(namespace -> pods.putAll(roster.of(namespace)));
    Set<String> changed = new HashSet<>();
    Set<InetAddress> addresses = new HashSet<>();
    pods.forEach(
        (uid, key) -> {
          Set<InetAddress> affected = roster.refresh(uid, key);
          if (affected != null) {
            changed.add(uid);
            addresses.addAll(affected);
          }
        });
    rulings.forget(changes.policies());
    boolean asked = namesChanged();
    for (Member pod : roster.local()) {
      if (asked || changes.policies().contains(pod.namespace())) {
        addresses.addAll(pod.addresses());
      }
    }
    Map<InetAddress, Plan> plans = new HashMap<>();
    addresses.forEach(address -> plans.put(address, plan(address)));
    for (Program program : programs) {
      program.change(plans, changed, roster.members());
    }
  }

  private void rebuild() throws IOException {
    rulings.forgetAll();
    boolean _ = namesChanged();
    roster.refreshAll();
    Map<InetAddress, Plan> plans = new HashMap<>();
    for (Member pod : roster.local()) {
      pod.addresses().forEach(address -> plans.put(address, plan(address)));
    }
    IOException refused = null;
    for (Program program : programs) {
      try {
        program.rebuild(plans, roster.members().values());
      } catch (IOException e) {
        refused = e;
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  private Plan plan(InetAddress address) {
    Member pod = roster.local(address);
    return pod == null
        ? Plan.OPEN
        : Planner.plan(pod, address, rulings.policies(pod.namespace()), names);
  }

  private boolean namesChanged() {
    NameServers now = observed.nameServers();
    boolean changed = !now.equals(names);
    names = now;
    return changed;
  }

  /// Ends the work. The rules stay.
  @Override
  public void close() {
    task.close();
    observed.close();
    socket.close();
  }
}
