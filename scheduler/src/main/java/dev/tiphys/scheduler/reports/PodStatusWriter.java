package dev.tiphys.scheduler.reports;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.world.World;

/// Writes into the status of Pods.
///
/// Threads: any. Writes wait for the API.
public final class PodStatusWriter {

  private final World world;
  private final Api api;

  public PodStatusWriter(World world, Api api) {
    this.world = world;
    this.api = api;
  }

  /// Merges something into a Pod's status. A Pod that is gone needs it no more.
  ///
  /// @throws ApiException if it can't be written
  public void patch(PodInfo pod, Struct status) {
    try {
      api.patch(
          ApiResource.PODS,
          pod.key().namespace(),
          pod.key().name(),
          "status",
          PatchType.STRATEGIC,
          Struct.of("metadata", Struct.of("uid", pod.uid()), "status", status));
    } catch (ApiException e) {
      throwUnlessGone(e);
    }
  }

  /// Passes an error on, unless it says that the Pod is gone or another has its name.
  public static void throwUnlessGone(ApiException e) {
    if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
      throw e;
    }
  }

  /// A condition for a Pod; with the time of the last change, if it has had this status before.
  public Struct condition(PodInfo pod, String type, String status, String reason, String message) {
    Struct before = Meta.condition(pod.object(), type);
    boolean same = before != null && before.string("status").equals(status);
    Object since = same && before != null ? before.get("lastTransitionTime") : null;
    StructBuilder condition =
        new StructBuilder()
            .add("type", type)
            .add("status", status)
            .add("reason", reason)
            .add("message", message)
            .add("lastProbeTime", Null.NULL)
            .add(
                "lastTransitionTime",
                since instanceof String ? since : Timestamps.seconds(world.now()));
    long generation = Meta.of(pod.object()).generation();
    if (generation > 0) {
      condition.add("observedGeneration", generation);
    }
    return condition.build();
  }
}
