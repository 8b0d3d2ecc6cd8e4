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
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the Pods of nodes that are not ready out of service: a Pod that says it is ready while its
/// node is not is told not to be, so that nothing is sent to it. A write that fails is repeated
/// until it succeeds, or the node is back.
///
/// Cost: none for Pods of nodes that are ready; a look at each Pod of one that stops being so.
final class LostPods implements Component {

  private final World world;
  private final Api api;
  private final EventRecorder events;
  private final Informer pods;
  private final Informer nodes;
  private final ClusterView cluster;
  private final Controller controller;

  LostPods(World world, Api api, EventRecorder events, ClusterView cluster, int workers) {
    this.world = world;
    this.api = api;
    this.events = events;
    this.cluster = cluster;
    this.pods = cluster.of(ApiResource.PODS);
    this.nodes = cluster.of(ApiResource.NODES);
    this.controller = new Controller("node-lifecycle-pods", world, workers, this::reconcile);
    pods.listen(Informer.Listener.ofAll(this::podChanged));
    nodes.listen(new NodeListener());
  }

  private void podChanged(Struct pod) {
    if (isLost(pod)) {
      controller.enqueue(pod);
    }
  }

  private boolean isLost(Struct pod) {
    return Pods.isReady(pod) && isNotReady(nodes.find("", pod.string("spec", "nodeName")));
  }

  /// A node that has not said anything yet is not one that is lost.
  private static boolean isNotReady(@Nullable Struct node) {
    return node != null
        && Meta.condition(node, NodeConditions.READY) != null
        && !NodeConditions.isReady(node);
  }

  private final class NodeListener implements Informer.Listener {
    @Override
    public void added(Struct node) {
      enqueuePodsOf(node);
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (!isNotReady(before)) {
        enqueuePodsOf(now);
      }
    }

    private void enqueuePodsOf(Struct node) {
      Meta meta = Meta.of(node);
      if (isNotReady(node)) {
        for (Struct pod : cluster.podsByNode().with(meta.name())) {
          controller.queue().add(ObjectKey.of(pod), meta.revision());
        }
      }
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct pod = pods.find(key);
    if (pod == null || !isLost(pod)) {
      return Outcome.DONE;
    }
    Meta meta = Meta.of(pod);
    Struct condition =
        new StructBuilder()
            .add("type", "Ready")
            .add("status", "False")
            .add("lastTransitionTime", Timestamps.seconds(world.now()))
            .build();
    Struct patch =
        Struct.of(
            "metadata",
            Struct.of("uid", meta.uid()),
            "status",
            Struct.of("conditions", List.of(condition)));
    try {
      api.patch(
          ApiResource.PODS, meta.namespace(), meta.name(), "status", PatchType.STRATEGIC, patch);
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return Outcome.DONE;
      }
      throw e;
    }
    events.warning(pod, "NodeNotReady", "Node is not ready");
    return Outcome.DONE;
  }

  @Override
  public void close() {
    controller.close();
  }
}
