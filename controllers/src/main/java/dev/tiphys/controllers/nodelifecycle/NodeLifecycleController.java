package dev.tiphys.controllers.nodelifecycle;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.Parallel;
import dev.tiphys.controllers.common.ResourceWatch;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Notices nodes that are lost, and keeps every node's taints in line with its conditions.
///
/// Cost: a few steps for each node in each period, and none for a lease that is renewed but a note
/// of the time. Only a node whose state changes is written.
public final class NodeLifecycleController implements Component {

  private static final System.Logger LOG =
      System.getLogger(NodeLifecycleController.class.getName());
  private static final String LEASES = "kube-node-lease";

  private final World world;
  private final Api api;
  private final Duration period;
  private final Informer nodes;
  private final ResourceWatch leases;
  private final Heartbeats heartbeats;
  private final Zones zones = new Zones();
  private final EventRecorder events;
  private final NodeMetrics metrics;
  private final LostPods pods;
  private final Controller controller;
  private boolean allLost;
  private @Nullable SupervisedTask monitor;

  /// When nodes count as lost.
  ///
  /// @param period how often they are looked at
  /// @param grace how long one may be silent
  /// @param startupGrace how long a new one may be silent
  public record Timing(Duration period, Duration grace, Duration startupGrace) {}

  /// @param shared what leases are read with, which all controllers share
  public NodeLifecycleController(
      World world,
      Api api,
      Api shared,
      ClusterView cluster,
      Timing timing,
      NodeMetrics metrics,
      int workers) {
    this.metrics = metrics;
    this.world = world;
    this.api = api;
    this.period = timing.period;
    this.nodes = cluster.of(ApiResource.NODES);
    this.heartbeats = new Heartbeats(world, timing.grace, timing.startupGrace);
    this.leases = new ResourceWatch(world, shared, ApiResource.LEASES, LEASES, new LeaseListener());
    this.events = new EventRecorder(world, api, "node-controller", "");
    this.pods = new LostPods(world, api, events, cluster, workers);
    this.controller = new Controller("node-lifecycle-controller", world, workers, this::reconcile);
    nodes.listen(new NodeListener());
    metrics.count(nodes);
  }

  private final class NodeListener implements Informer.Listener {
    @Override
    public void added(Struct node) {
      heartbeats.status(node);
      tell(node, "RegisteredNode", "Registered Node", " in Controller");
      controller.enqueue(node);
    }

    @Override
    public void updated(Struct before, Struct now) {
      heartbeats.status(now);
      controller.enqueue(now);
    }

    @Override
    public void deleted(Struct last) {
      heartbeats.forget(Meta.of(last).name());
      tell(last, "RemovingNode", "Removing Node", " from Controller");
    }

    private void tell(Struct node, String reason, String what, String where) {
      String name = Meta.of(node).name();
      events.normal(node, reason, "Node " + name + " event: " + what + " " + name + where);
    }
  }

  private final class LeaseListener implements ResourceWatch.Listener {
    @Override
    public void exists(ApiResource resource, Struct lease) {
      heartbeats.lease(lease);
    }

    @Override
    public void gone(ApiResource resource, Struct last) {
      heartbeats.forgetLease(Meta.of(last).name());
    }

    @Override
    public void listed(ApiResource resource, Set<String> uids) {}
  }

  @Override
  public void start() {
    leases.start();
    controller.start();
    pods.start();
    monitor = world.supervisor().start("node-monitor", this::monitor);
  }

  private void monitor() throws InterruptedException {
    long last = world.nanoTime();
    while (true) {
      world.background().sleep(period);
      long now = world.nanoTime();
      look(Duration.ofNanos(now - last));
      last = now;
    }
  }

  private void look(Duration passed) throws InterruptedException {
    List<Struct> all = nodes.list();
    long begin = world.nanoTime();
    List<Struct> lost = all.stream().filter(this::isToBeMarked).toList();
    Parallel.all(world, lost, this::markLost);
    metrics.lookedAtAll(world.nanoTime() - begin);
    Zones.Verdict verdict = zones.look(all, passed);
    if (verdict.allLost()) {
      List<Struct> tainted =
          all.stream()
              .filter(node -> NodeTaints.withoutEvictionTaints(node).size() < taintsOf(node).size())
              .toList();
      Parallel.all(world, tainted, node -> taint(node, NodeTaints.withoutEvictionTaints(node)));
    } else if (allLost) {
      heartbeats.renewAll();
    }
    allLost = verdict.allLost();
    Parallel.all(
        world,
        verdict.evictable(),
        node -> {
          if (taint(node, NodeTaints.withEvictionTaint(node, world.now()))) {
            metrics.evicted(node);
          }
        });
  }

  private boolean isToBeMarked(Struct node) {
    long begin = world.nanoTime();
    boolean found = heartbeats.isLost(node) && !NodeConditions.lost(node, world.now()).equals(node);
    metrics.looked(world.nanoTime() - begin);
    return found;
  }

  private static List<Struct> taintsOf(Struct node) {
    return node.structs("spec", "taints");
  }

  private void markLost(Struct node) {
    Struct marked = NodeConditions.lost(node, world.now());
    boolean written = attempt(() -> api.update(ApiResource.NODES, marked, "status"));
    if (written && NodeConditions.isReady(node)) {
      String name = Meta.of(node).name();
      events.normal(node, "NodeNotReady", "Node " + name + " status is now: NodeNotReady");
    }
  }

  /// Makes one call for one of many nodes. If it is refused the next look makes it again.
  private static boolean attempt(Runnable call) {
    try {
      call.run();
      return true;
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT, Reason.NOT_FOUND)) {
        LOG.log(Level.WARNING, "a node could not be written: error={0}", e.message());
      }
      return false;
    }
  }

  private boolean taint(Struct node, List<Struct> taints) {
    return attempt(() -> write(node, taints, Struct.EMPTY));
  }

  private Outcome reconcile(ObjectKey key) {
    Struct node = nodes.find(key);
    if (node == null) {
      return Outcome.DONE;
    }
    List<Struct> taints = NodeTaints.following(node, world.now());
    Struct labels = missingLabels(node);
    if (!labels.isEmpty() || !taints.equals(taintsOf(node))) {
      write(node, taints, labels);
    }
    return Outcome.DONE;
  }

  /// The names that these labels had before, for Pods that still select by them.
  private static Struct missingLabels(Struct node) {
    StructBuilder missing = new StructBuilder();
    for (String name : List.of("os", "arch")) {
      String value = Meta.of(node).label("kubernetes.io/" + name);
      if (!value.isEmpty() && !value.equals(Meta.of(node).label("beta.kubernetes.io/" + name))) {
        missing.add("beta.kubernetes.io/" + name, value);
      }
    }
    return missing.build();
  }

  private void write(Struct node, List<Struct> taints, Struct labels) {
    Meta meta = Meta.of(node);
    Struct metadata =
        new StructBuilder()
            .add("resourceVersion", meta.resourceVersion())
            .addUnlessEmpty("labels", labels)
            .build();
    Struct patch = Struct.of("metadata", metadata, "spec", Struct.of("taints", taints));
    try {
      api.patch(ApiResource.NODES, "", meta.name(), "", PatchType.MERGE, patch);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    SupervisedTask running = monitor;
    if (running != null) {
      running.close();
    }
    pods.close();
    leases.close();
    controller.close();
    events.close();
  }
}
