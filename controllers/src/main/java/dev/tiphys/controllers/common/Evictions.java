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

/// Deletes Pods that can't stay where they are, and notes that in them first.
///
/// @param api of the controller that deletes them
public record Evictions(World world, Api api) {

  private static final String FAILED = "Failed";

  /// Why a Pod is deleted, as its condition `DisruptionTarget` tells.
  ///
  /// @param ends whether it counts as ended already, since no kubelet is there to end it
  public record Disruption(String reason, String message, boolean ends) {}

  /// Notes in a Pod why it goes, and deletes it. One that has ended keeps the status it ended with.
  public void evict(Struct pod, Disruption disruption) {
    Struct status = disrupted(pod, disruption);
    delete(pod, status, disruption.ends ? DeleteOptions.withGrace(0) : DeleteOptions.DEFAULT);
  }

  /// Deletes a Pod at once that no kubelet will end: unless it has ended, it has failed.
  public void remove(Struct pod) {
    Struct status = Pods.isTerminal(pod) ? Struct.EMPTY : Struct.of("phase", FAILED);
    delete(pod, status, DeleteOptions.withGrace(0));
  }

  /// @param status what is written into the Pod's status first
  private void delete(Struct pod, Struct status, DeleteOptions options) {
    Meta meta = Meta.of(pod);
    try {
      if (!status.isEmpty()) {
        api.patch(
            ApiResource.PODS,
            meta.namespace(),
            meta.name(),
            "status",
            PatchType.STRATEGIC,
            Struct.of("metadata", Struct.of("uid", meta.uid()), "status", status));
      }
      api.delete(ApiResource.PODS, meta.namespace(), meta.name(), options.ofUid(meta.uid()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  private Struct disrupted(Struct pod, Disruption disruption) {
    if (disruption.ends && Pods.isTerminal(pod)) {
      return Struct.EMPTY;
    }
    Struct condition =
        new StructBuilder()
            .add("type", "DisruptionTarget")
            .add("status", "True")
            .add("reason", disruption.reason)
            .add("message", disruption.message)
            .add("lastTransitionTime", Timestamps.seconds(world.now()))
            .build();
    StructBuilder status = new StructBuilder().add("conditions", List.of(condition));
    if (disruption.ends) {
      status.add("phase", FAILED);
    }
    return status.build();
  }
}
