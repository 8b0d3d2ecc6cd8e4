package dev.tiphys.controllers.disruption;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the condition `DisruptionTarget` back from Pods that were to be disrupted and, two minutes
/// later, are not being deleted.
final class StaleDisruptions implements Component {

  private static final String CONDITION = "DisruptionTarget";
  private static final Duration STALE = Duration.ofMinutes(2);

  private final World world;
  private final Api api;
  private final Informer pods;
  private final Controller controller;

  StaleDisruptions(World world, Api api, ClusterView cluster) {
    this.world = world;
    this.api = api;
    this.pods = cluster.of(ApiResource.PODS);
    this.controller = new Controller("stale-disruptions", world, 1, this::reconcile);
    pods.listen(Informer.Listener.ofAll(this::changed));
  }

  private void changed(Struct pod) {
    if (markedSince(pod) != null) {
      controller.enqueue(pod);
    }
  }

  /// Since when a Pod that is to go on is marked; null if it is not. What its kubelet ends may take
  /// any time.
  private static @Nullable Instant markedSince(Struct pod) {
    Struct condition = Meta.condition(pod, CONDITION);
    if (condition == null
        || !condition.string("status").equals("True")
        || condition.string("reason").equals("TerminationByKubelet")
        || !Pods.isActive(pod)) {
      return null;
    }
    return Timestamps.of(condition.get("lastTransitionTime"));
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct pod = pods.find(key);
    Instant since = pod == null ? null : markedSince(pod);
    if (pod == null || since == null) {
      return Outcome.DONE;
    }
    Instant now = world.now();
    Duration left = Duration.between(now, since.plus(STALE));
    if (left.isPositive()) {
      return Outcome.again(left);
    }
    Struct condition =
        new StructBuilder()
            .add("type", CONDITION)
            .add("status", "False")
            .add("reason", "")
            .add("message", "")
            .add("lastTransitionTime", Timestamps.seconds(now))
            .build();
    Struct patch =
        Struct.of(
            "metadata",
            Struct.of("resourceVersion", Meta.of(pod).resourceVersion()),
            "status",
            Struct.of("conditions", List.of(condition)));
    try {
      api.patch(
          ApiResource.PODS, key.namespace(), key.name(), "status", PatchType.STRATEGIC, patch);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
    return Outcome.DONE;
  }

  @Override
  public void close() {
    controller.close();
  }
}
