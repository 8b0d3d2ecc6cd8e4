package dev.tiphys.controllers;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.placement.NodeAffinity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Plays the scheduler and the kubelets of three nodes: renews their leases, binds Pods, makes them
/// ready after a second, and ends those that are deleted.
public final class TestKubelet implements AutoCloseable {

  public static final List<String> NODES = List.of("node-0", "node-1", "node-2");

  /// What a Pod that goes on running has in place of an exit code.
  public static final int RUNS_ON = -1;

  private static final Duration STARTING = Duration.ofSeconds(1);

  /// Longer than real ones take, in tests in which hours pass, and within what a node may be
  /// silent.
  private static final Duration BEAT = Duration.ofSeconds(30);

  private final World world;
  private final Api api;
  private final Informer pods;
  private final Controller controller;
  private volatile Predicate<Struct> works = _ -> true;
  private volatile Predicate<Struct> ends = _ -> true;
  private volatile ToIntFunction<Struct> exits = _ -> RUNS_ON;
  private final Map<String, Long> started = new ConcurrentHashMap<>();
  private final Set<String> lost = new HashSet<>();
  private @Nullable Task beats;
  private int next;

  TestKubelet(World world, Api api) {
    this.world = world;
    this.api = api;
    this.pods = new Informer(world, api, ApiResource.PODS);
    this.controller = new Controller("kubelet", world, 2, this::reconcile);
    pods.listen(Informer.Listener.ofAll(controller::enqueue));
  }

  void start() {
    NODES.forEach(this::join);
    pods.start();
    controller.start();
    beats = world.background().start("heartbeats", this::beat);
  }

  private void join(String node) {
    Struct conditions =
        Struct.of(
            "conditions",
            List.of(
                condition("Ready", "True"),
                condition("MemoryPressure", "False"),
                condition("DiskPressure", "False"),
                condition("PIDPressure", "False")));
    Struct object = Struct.of("metadata", Struct.of("name", node), "status", conditions);
    api.create(ApiResource.NODES, object);
    Struct metadata = Struct.of("name", node, "namespace", "kube-node-lease");
    api.create(ApiResource.LEASES, Struct.of("metadata", metadata, "spec", lease(node)));
  }

  private Struct condition(String type, String status) {
    String now = Timestamps.seconds(world.now());
    return new StructBuilder()
        .add("type", type)
        .add("status", status)
        .add("lastHeartbeatTime", now)
        .add("lastTransitionTime", now)
        .build();
  }

  private Struct lease(String node) {
    return Struct.of("holderIdentity", node, "renewTime", Timestamps.micros(world.now()));
  }

  private void beat() {
    try {
      while (true) {
        world.background().sleep(BEAT);
        NODES.stream().filter(node -> !lost.contains(node)).forEach(this::beat);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat(String node) {
    Struct status = api.find(ApiResource.NODES, "", node);
    if (status == null) {
      return;
    }
    Struct lease = api.get(ApiResource.LEASES, "kube-node-lease", node);
    api.update(ApiResource.LEASES, lease.with("spec", lease(node)));
    if (!Meta.isTrue(status, "Ready")) {
      report(node, "Ready", "True");
    }
  }

  /// Makes a node report a condition.
  public void report(String node, String type, String status) {
    Struct patch = Struct.of("status", Struct.of("conditions", List.of(condition(type, status))));
    api.patch(ApiResource.NODES, "", node, "status", PatchType.STRATEGIC, patch);
  }

  /// Cuts a node off.
  public void lose(String node) {
    lost.add(node);
  }

  /// Brings a node back.
  public void find(String node) {
    lost.remove(node);
    pods.list().forEach(controller::enqueue);
  }

  /// Which Pods become ready from now on.
  public void letWork(Predicate<Struct> which) {
    works = which;
    pods.list().forEach(controller::enqueue);
  }

  /// Which Pods end when they are deleted, from now on.
  public void letEnd(Predicate<Struct> which) {
    ends = which;
    pods.list().forEach(controller::enqueue);
  }

  /// With which exit code a Pod that is ready ends by itself, from now on; [#RUNS_ON] for not.
  public void letExit(ToIntFunction<Struct> how) {
    exits = how;
    pods.list().forEach(controller::enqueue);
  }

  private Outcome reconcile(ObjectKey key) {
    Struct pod = pods.find(key);
    if (pod == null) {
      return Outcome.DONE;
    }
    try {
      return act(pod);
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return Outcome.DONE;
      }
      throw e;
    }
  }

  private Outcome act(Struct pod) {
    Meta meta = Meta.of(pod);
    if (lost.contains(pod.string("spec", "nodeName"))) {
      return Outcome.DONE;
    }
    if (meta.isBeingDeleted()) {
      if (ends.test(pod)) {
        if (!isTerminal(pod)) {
          exit(pod, 137);
        }
        api.delete(
            ApiResource.PODS,
            meta.namespace(),
            meta.name(),
            DeleteOptions.withGrace(0).ofUid(meta.uid()));
      }
      return Outcome.DONE;
    }
    if (pod.string("spec", "nodeName").isEmpty()) {
      bind(pod);
      return Outcome.DONE;
    }
    if (isTerminal(pod)) {
      return Outcome.DONE;
    }
    if (Meta.condition(pod, "Ready") == null) {
      return works.test(pod) ? becomeReady(pod) : Outcome.DONE;
    }
    int code = exits.applyAsInt(pod);
    if (code != RUNS_ON) {
      exit(pod, code);
    }
    return Outcome.DONE;
  }

  private static boolean isTerminal(Struct pod) {
    return Set.of("Succeeded", "Failed").contains(pod.string("status", "phase"));
  }

  private void exit(Struct pod, int code) {
    String now = Timestamps.seconds(world.now());
    List<Struct> containers =
        pod.structs("spec", "containers").stream()
            .map(
                container ->
                    Struct.of(
                        "name",
                        container.string("name"),
                        "state",
                        Struct.of(
                            "terminated", Struct.of("exitCode", (long) code, "finishedAt", now))))
            .toList();
    Struct ended =
        pod.withAt(code == 0 ? "Succeeded" : "Failed", "status", "phase")
            .withAt(List.of(condition("Ready", "False")), "status", "conditions")
            .withAt(containers, "status", "containerStatuses");
    try {
      api.update(ApiResource.PODS, ended, "status");
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT, Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  private void bind(Struct pod) {
    NodeAffinity affinity = NodeAffinity.of(pod.struct("spec"));
    List<String> present =
        NODES.stream()
            .filter(node -> !lost.contains(node) && affinity.allows(node, Struct.EMPTY))
            .toList();
    if (present.isEmpty()) {
      return;
    }
    String node = present.get(next++ % present.size());
    Meta meta = Meta.of(pod);
    Struct target = Struct.of("kind", "Node", "apiVersion", "v1", "name", node);
    Struct metadata = Struct.of("name", meta.name(), "namespace", meta.namespace());
    Struct binding =
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("kind", "Binding")
            .add("metadata", metadata)
            .add("target", target)
            .build();
    api.createSubresource(ApiResource.PODS, meta.namespace(), meta.name(), "binding", binding);
  }

  private Outcome becomeReady(Struct pod) {
    long begun = started.computeIfAbsent(Meta.of(pod).uid(), _ -> world.nanoTime());
    Duration left = STARTING.minusNanos(world.nanoTime() - begun);
    if (left.isPositive()) {
      return Outcome.again(left);
    }
    Struct ready =
        new StructBuilder()
            .add("type", "Ready")
            .add("status", "True")
            .add("lastTransitionTime", Timestamps.seconds(world.now()))
            .build();
    Struct running =
        pod.withAt("Running", "status", "phase")
            .withAt(Timestamps.seconds(world.now()), "status", "startTime")
            .withAt(List.of(ready), "status", "conditions")
            .withAt("10.1." + started.size() / 250 + "." + started.size() % 250, "status", "podIP");
    api.update(ApiResource.PODS, running, "status");
    return Outcome.DONE;
  }

  @Override
  public void close() {
    Task beating = beats;
    if (beating != null) {
      beating.interrupt();
    }
    controller.close();
    pods.close();
  }
}
