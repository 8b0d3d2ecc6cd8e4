package dev.tiphys.controllers.nodelifecycle;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Meta;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.Reason;
import dev.tiphys.controllers.common.Parallel;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.world.World;
import java.util.List;

/// Takes the Pods of lost nodes out of service.
///
/// @param podsByNode the Pods, by the node they are bound to
record LostPods(World world, Api api, EventRecorder events, ObjectIndex podsByNode) {

  /// Says of all Pods on a node that they are not ready, so that nobody sends them anything.
  void notReady(String node) throws InterruptedException {
    List<Struct> ready = podsByNode.with(node).stream().filter(Pods::isReady).toList();
    Parallel.all(world, ready, this::notReady);
  }

  private void notReady(Struct pod) {
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
    events.warning(pod, "NodeNotReady", "Node is not ready");
    try {
      api.patch(
          ApiResource.PODS, meta.namespace(), meta.name(), "status", PatchType.STRATEGIC, patch);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
  }
}
