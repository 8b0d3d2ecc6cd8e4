package dev.tiphys.network.proxy;

import dev.tiphys.client.Api;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The proxy of one node: follows Services and their endpoints, and has the kernel send connections
/// accordingly.
///
/// What changes is in the kernel as soon as it is known, in one transaction for all that changes
/// together; nothing is done when nothing changes, but for a look every 30 s at whether the rules
/// are still there. What the kernel refuses does not keep the rest from it.
///
/// Threads: any.
public final class Proxy implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final World world;
  private final NetworkSettings settings;
  private final Observed observed;
  private final Terminations terminations;
  private final Map<Family, Program> programs = new EnumMap<>(Family.class);
  private final Map<ObjectKey, Set<String>> known = new HashMap<>();
  private final SupervisedTask task;
  private final NetlinkSocket socket;
  private boolean stale = true;

  /// @param api as `system:kube-proxy` sees it
  /// @throws IOException if the kernel cannot be asked
  public Proxy(World world, Api api, NetworkSettings settings) throws IOException {
    this.world = world;
    this.settings = settings;
    this.observed = new Observed(world, api, settings.node());
    this.terminations = new Terminations(world, observed::slices);
    this.socket = settings.namespace().open(NetlinkSocket.NETFILTER);
    this.task = world.supervisor().task("proxy", OnFailure.RESTART);
  }

  /// Starts to work, and returns at once.
  public void start() {
    observed.start();
    task.start(this::run);
  }

  /// Waits until no new connections are sent to a Pod that is being deleted.
  ///
  /// @return whether that happened before the limit
  public boolean awaitDrained(Struct pod, Duration limit) throws InterruptedException {
    return terminations.await(Meta.of(pod), limit);
  }

  /// The newest revision of EndpointSlices that the rules are as they want; 0 before the first.
  public long served() {
    return terminations.served();
  }

  private void run() throws InterruptedException {
    observed.awaitSynced();
    stale = true;
    while (true) {
      Observed.Changes changes = observed.take();
      boolean done = follow(changes);
      if (done) {
        task.problem("");
        terminations.served(changes.slices());
        if (!observed.changed().await(LOOK)) {
          stale = !isThere();
        }
      } else {
        world.background().sleep(RETRY);
      }
    }
  }

  private boolean isThere() {
    try {
      for (Program program : programs.values()) {
        if (!program.isThere()) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Makes the rules as they are to be. Returns false if the kernel refuses some of them.
  private boolean follow(Observed.Changes changes) {
    if (!stale && !changes.everything()) {
      try {
        change(changes.services());
        return true;
      } catch (IOException e) {
        task.problem(
            "the rules are made anew, since the kernel refuses a change: " + e.getMessage());
      }
    }
    stale = true;
    boolean complete = rebuild();
    stale = !complete;
    return complete;
  }

  private void change(Set<ObjectKey> services) throws IOException {
    Map<Family, Map<String, Plan>> wanted = new EnumMap<>(Family.class);
    Planner planner = planner();
    for (ObjectKey key : services) {
      plan(planner, key, observed.service(key), wanted);
    }
    for (Map.Entry<Family, Map<String, Plan>> each : wanted.entrySet()) {
      program(each.getKey()).change(each.getValue());
    }
  }

  private Planner planner() {
    return new Planner(settings.node(), observed.zone(), settings.podRanges());
  }

  /// Plans the ports of a Service, those too that it has no more.
  private void plan(
      Planner planner,
      ObjectKey key,
      @Nullable Struct service,
      Map<Family, Map<String, Plan>> wanted) {
    Set<String> before = known.getOrDefault(key, Set.of());
    for (Family family : Family.values()) {
      Map<String, Plan> plans = wanted.computeIfAbsent(family, _ -> new HashMap<>());
      before.forEach(port -> plans.put(port, Plan.NOTHING));
    }
    Set<String> now = new HashSet<>();
    if (service != null) {
      List<Struct> slices = observed.slicesOf(key);
      for (ServicePort port : ServicePort.of(service)) {
        List<Endpoint> endpoints = new ArrayList<>();
        slices.forEach(slice -> endpoints.addAll(Endpoint.of(slice, port)));
        wanted
            .computeIfAbsent(port.family(), _ -> new HashMap<>())
            .put(port.name(), planner.plan(port, endpoints));
        now.add(port.name());
      }
    }
    if (now.isEmpty()) {
      known.remove(key);
    } else {
      known.put(key, now);
    }
  }

  /// Makes all rules anew. If the kernel refuses them as a whole, those that it takes one by one.
  private boolean rebuild() {
    known.clear();
    programs.clear();
    Map<Family, Map<String, Plan>> wanted = new EnumMap<>(Family.class);
    Planner planner = planner();
    for (Struct service : observed.services()) {
      plan(planner, ObjectKey.of(service), service, wanted);
    }
    boolean complete = true;
    for (Family family : Family.values()) {
      complete &= rebuild(program(family), wanted.getOrDefault(family, Map.of()));
    }
    return complete;
  }

  private Program program(Family family) {
    return programs.computeIfAbsent(
        family, _ -> new Program(family, settings, observed.serviceRanges(), socket));
  }

  private boolean rebuild(Program program, Map<String, Plan> wanted) {
    try {
      program.rebuild(wanted);
      return true;
    } catch (IOException e) {
      task.problem("the kernel refuses the rules of services: " + e.getMessage());
    }
    try {
      program.rebuild(Map.of());
    } catch (IOException e) {
      task.problem("the kernel takes no rules of services: " + e.getMessage());
      return false;
    }
    wanted.forEach(
        (port, plan) -> {
          try {
            program.change(Map.of(port, plan));
          } catch (IOException e) {
            task.problem("the kernel refuses the rules of " + port + ": " + e.getMessage());
          }
        });
    return false;
  }

  /// Ends the proxy. The rules stay, and connections go on.
  @Override
  public void close() {
    task.close();
    observed.close();
    socket.close();
  }
}
