package dev.tiphys.controllers.tainteviction;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.placement.Taint;
import dev.tiphys.client.placement.Toleration;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.EvictionMetrics;
import dev.tiphys.controllers.common.Evictions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Deletes Pods from nodes whose taints they do not tolerate (effect `NoExecute`), at once or when
/// the time is over that they tolerate them for.
///
/// Cost: none for Pods on nodes without such taints. When a node gets one, one look at each of its
/// Pods.
public final class TaintEvictionController implements Component {

  private static final String NAME = "taint-eviction-controller";
  private static final Evictions.Disruption TAINTED =
      new Evictions.Disruption(
          "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", false);

  private final World world;
  private final Informer pods;
  private final Informer nodes;
  private final ClusterView cluster;
  private final EventRecorder events;
  private final Evictions evictions;
  private final EvictionMetrics metrics;
  private final Controller controller;

  /// Pods that are to go, by key.
  private final Map<ObjectKey, Marked> marked = new ConcurrentHashMap<>();

  /// A Pod that is to go.
  ///
  /// @param since when that was found
  private record Marked(String uid, long since) {}

  public TaintEvictionController(
      World world, Api api, ClusterView cluster, EvictionMetrics metrics, int workers) {
    this.metrics = metrics;
    this.world = world;
    this.cluster = cluster;
    this.pods = cluster.of(ApiResource.PODS);
    this.nodes = cluster.of(ApiResource.NODES);
    this.events = new EventRecorder(world, api, NAME, "");
    this.evictions = new Evictions(world, api);
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    pods.listen(Informer.Listener.ofAll(this::podChanged));
    nodes.listen(new NodeListener());
  }

  private void podChanged(Struct pod) {
    if (marked.containsKey(ObjectKey.of(pod)) || !taintsOf(nodeOf(pod)).isEmpty()) {
      controller.enqueue(pod);
    }
  }

  private @Nullable Struct nodeOf(Struct pod) {
    return nodes.find("", pod.string("spec", "nodeName"));
  }

  private static List<Taint> taintsOf(@Nullable Struct node) {
    if (node == null) {
      return List.of();
    }
    return Taint.of(node).stream().filter(t -> t.effect() == Taint.Effect.NO_EXECUTE).toList();
  }

  private final class NodeListener implements Informer.Listener {
    @Override
    public void added(Struct node) {
      if (!taintsOf(node).isEmpty()) {
        lookAtPodsOf(node);
      }
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (!taintsOf(before).equals(taintsOf(now))) {
        lookAtPodsOf(now);
      }
    }

    private void lookAtPodsOf(Struct node) {
      Meta meta = Meta.of(node);
      for (Struct pod : cluster.podsByNode().with(meta.name())) {
        controller.queue().add(ObjectKey.of(pod), meta.revision());
      }
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct pod = pods.find(key);
    if (pod == null || Meta.of(pod).isBeingDeleted()) {
      marked.remove(key);
      return Outcome.DONE;
    }
    List<Taint> taints = taintsOf(nodeOf(pod));
    return switch (Tolerance.of(taints, Toleration.of(pod.struct("spec")))) {
      case Tolerance.Unlimited() -> {
        spare(key, pod);
        yield Outcome.DONE;
      }
      case Tolerance.Limited(long seconds) -> evictAfter(key, pod, seconds);
    };
  }

  private void spare(ObjectKey key, Struct pod) {
    if (marked.remove(key) != null) {
      events.normal(pod, "TaintManagerEviction", "Cancelling deletion of Pod " + key);
    }
  }

  private Outcome evictAfter(ObjectKey key, Struct pod, long seconds) {
    String uid = Meta.of(pod).uid();
    Marked mark =
        marked.compute(
            key,
            (_, before) ->
                before != null && before.uid.equals(uid)
                    ? before
                    : new Marked(uid, world.nanoTime()));
    Duration left = Duration.ofSeconds(seconds).minusNanos(world.nanoTime() - mark.since);
    if (left.isPositive()) {
      return Outcome.again(left);
    }
    events.normal(pod, "TaintManagerEviction", "Marking for deletion Pod " + key);
    evictions.evict(pod, TAINTED);
    metrics.deleted(left.negated());
    return Outcome.DONE;
  }

  @Override
  public void close() {
    controller.close();
    events.close();
  }
}
