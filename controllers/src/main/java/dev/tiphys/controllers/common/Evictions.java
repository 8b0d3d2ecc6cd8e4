package dev.tiphys.controllers.common;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.util.List;

/// Deletes Pods that can't stay where they are, and notes the reason in them first.
///
/// @param api of the controller that deletes them
public record Evictions(World world, Api api) {

  /// Why a Pod is deleted, as its condition `DisruptionTarget` tells.
  ///
  /// @param ends whether it counts as ended already, since no kubelet is there to end it
  public record Disruption(String reason, String message, boolean ends) {}

  public void evict(Struct pod, Disruption disruption) {
    Meta meta = Meta.of(pod);
    try {
      api.patch(
          ApiResource.PODS,
          meta.namespace(),
          meta.name(),
          "status",
          PatchType.STRATEGIC,
          noted(meta, disruption));
      delete(meta, disruption.ends ? DeleteOptions.withGrace(0) : DeleteOptions.DEFAULT);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  /// Deletes a Pod at once, without a note.
  public void remove(Struct pod) {
    try {
      delete(Meta.of(pod), DeleteOptions.withGrace(0));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  private void delete(Meta pod, DeleteOptions options) {
    api.delete(ApiResource.PODS, pod.namespace(), pod.name(), options.ofUid(pod.uid()));
  }

  private Struct noted(Meta pod, Disruption disruption) {
    Struct condition =
        new StructBuilder()
            .add("type", "DisruptionTarget")
            .add("status", "True")
            .add("reason", disruption.reason)
            .add("message", disruption.message)
            .add("lastTransitionTime", Timestamps.seconds(world.now()))
            .build();
    StructBuilder status = new StructBuilder().add("conditions", List.of(condition));
    if (disruption.ends && !Pods.isTerminal(pod.object())) {
      status.add("phase", "Failed");
    }
    return Struct.of("metadata", Struct.of("uid", pod.uid()), "status", status.build());
  }
}
