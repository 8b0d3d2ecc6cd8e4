package dev.tiphys.controllers.autoscaling;

import static dev.tiphys.controllers.autoscaling.Conditions.ABLE_TO_SCALE;
import static dev.tiphys.controllers.autoscaling.Conditions.SCALING_ACTIVE;
import static dev.tiphys.controllers.autoscaling.Conditions.SCALING_LIMITED;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.world.World;
import java.util.List;

/// One look at one autoscaler: its target gets the size it should have.
///
/// Threads: any; for one autoscaler one at a time.
final class Scaling {

  private final World world;
  private final Api api;
  private final ClusterView cluster;
  private final EventRecorder events;
  private final Selectors selectors;
  private final Kinds kinds;
  private final MetricsApi metrics;
  private final AutoscalerMetrics counts;

  Scaling(
      World world,
      Api api,
      ClusterView cluster,
      EventRecorder events,
      Selectors selectors,
      AutoscalerMetrics counts) {
    this.world = world;
    this.api = api;
    this.cluster = cluster;
    this.events = events;
    this.selectors = selectors;
    this.kinds = new Kinds(api);
    this.metrics = new MetricsApi(api);
    this.counts = counts;
  }

  /// Returns the status that the autoscaler is to have.
  ///
  /// @param effect is told what comes of it
  Struct scale(Autoscaler autoscaler, History history, Effect effect) {
    Struct status = autoscaler.object().struct("status");
    Conditions conditions = new Conditions(status.structs("conditions"), world.now());
    try {
      ScaleTarget target =
          ScaleTarget.find(api, kinds, autoscaler.namespace(), autoscaler.target());
      return scale(autoscaler, target, history, conditions, effect);
    } catch (MetricException e) {
      effect.failed(e.isOfSpec());
      warn(autoscaler, "FailedGetScale", e.message());
      conditions.put(
          ABLE_TO_SCALE,
          false,
          "FailedGetScale",
          "the HPA controller was unable to get the target's current scale: " + e.message());
      return status.with("conditions", conditions.all());
    }
  }

  private Struct scale(
      Autoscaler autoscaler,
      ScaleTarget target,
      History history,
      Conditions conditions,
      Effect effect) {
    conditions.put(
        ABLE_TO_SCALE,
        true,
        "SucceededGetScale",
        "the HPA controller was able to get the target's current scale");
    long current = target.replicas();
    history.begin(current, world.nanoTime());
    if (current == 0 && autoscaler.minReplicas() != 0) {
      conditions.put(
          SCALING_ACTIVE,
          false,
          "ScalingDisabled",
          "scaling is disabled since the replica count of the target is zero");
      return status(autoscaler, 0, 0, List.of(), conditions);
    }
    Wish wish;
    if (current > autoscaler.maxReplicas()) {
      wish =
          new Wish(
              autoscaler.maxReplicas(),
              "Current number of replicas above Spec.MaxReplicas",
              List.of());
    } else if (current < autoscaler.minReplicas()) {
      wish =
          new Wish(
              autoscaler.minReplicas(),
              "Current number of replicas below Spec.MinReplicas",
              List.of());
    } else {
      try {
        wish = measure(autoscaler, target, history, conditions, effect);
      } catch (MetricException e) {
        effect.failed(false);
        warn(autoscaler, "FailedComputeMetricsReplicas", e.message());
        return unchanged(autoscaler, current, conditions);
      }
      if (wish.replicas == current) {
        return status(autoscaler, current, current, wish.metrics, conditions);
      }
    }
    return resize(autoscaler, target, wish, history, conditions, effect);
  }

  /// The size that a target is to have.
  ///
  /// @param reason why it is not the present one
  /// @param metrics what the metrics are now
  private record Wish(long replicas, String reason, List<Struct> metrics) {}

  private Wish measure(
      Autoscaler autoscaler,
      ScaleTarget target,
      History history,
      Conditions conditions,
      Effect effect)
      throws MetricException {
    Scaled scaled = scaled(autoscaler, target, conditions);
    Metrics.Verdict verdict =
        new Metrics(world, metrics, events, conditions, counts).read(autoscaler, scaled, effect);
    long current = target.replicas();
    Sizing sizing =
        Sizing.of(
            autoscaler.behavior(),
            new Sizing.Range(autoscaler.minReplicas(), autoscaler.maxReplicas()),
            current,
            verdict.replicas(),
            history,
            world.nanoTime());
    conditions.put(ABLE_TO_SCALE, true, sizing.able().reason(), sizing.able().message());
    conditions.put(
        SCALING_LIMITED, sizing.isLimited(), sizing.limited().reason(), sizing.limited().message());
    String reason =
        verdict.replicas() > current
            ? verdict.metric() + " above target"
            : verdict.replicas() < current ? "All metrics below target" : "";
    return new Wish(sizing.replicas(), reason, verdict.metrics());
  }

  /// The target and its Pods.
  ///
  /// @throws MetricException if it is not clear which those are
  private Scaled scaled(Autoscaler autoscaler, ScaleTarget target, Conditions conditions)
      throws MetricException {
    String query = target.selector();
    if (query.isEmpty()) {
      warn(autoscaler, "SelectorRequired", "selector is required");
      conditions.put(
          SCALING_ACTIVE, false, "InvalidSelector", "the HPA target's scale is missing a selector");
      throw new MetricException("selector is required");
    }
    LabelSelector selector;
    try {
      selector = LabelSelector.parse(query);
    } catch (IllegalArgumentException e) {
      throw unselectable(
          autoscaler,
          "InvalidSelector",
          "couldn't convert selector into a corresponding internal selector object: "
              + e.getMessage(),
          conditions);
    }
    String namespace = autoscaler.namespace();
    List<Struct> pods = cluster.podsMatching(namespace, selector);
    selectors.put(autoscaler.key(), selector);
    List<ObjectKey> sharing = selectors.selecting(namespace, pods);
    if (sharing.size() > 1) {
      String names = String.join(" ", sharing.stream().map(ObjectKey::toString).toList());
      throw unselectable(
          autoscaler,
          "AmbiguousSelector",
          "pods by selector %s are controlled by multiple HPAs: [%s]".formatted(query, names),
          conditions);
    }
    return new Scaled(
        namespace,
        selector,
        pods,
        target.replicas(),
        target.present(),
        autoscaler.tolerance(),
        world.now());
  }

  private MetricException unselectable(
      Autoscaler autoscaler, String reason, String message, Conditions conditions) {
    warn(autoscaler, reason, message);
    conditions.put(SCALING_ACTIVE, false, reason, message);
    return new MetricException(message);
  }

  private Struct resize(
      Autoscaler autoscaler,
      ScaleTarget target,
      Wish wish,
      History history,
      Conditions conditions,
      Effect effect) {
    long current = target.replicas();
    String what = "New size: %d; reason: %s".formatted(wish.replicas, wish.reason);
    try {
      target.resize(api, wish.replicas);
    } catch (ApiException e) {
      effect.failed(false);
      warn(autoscaler, "FailedRescale", what + "; error: " + e.message());
      conditions.put(
          ABLE_TO_SCALE,
          false,
          "FailedUpdateScale",
          "the HPA controller was unable to update the target scale: " + e.message());
      return unchanged(autoscaler, current, conditions);
    }
    conditions.put(
        ABLE_TO_SCALE,
        true,
        "SucceededRescale",
        "the HPA controller was able to update the target scale to " + wish.replicas);
    events.normal(autoscaler.object(), "SuccessfulRescale", what);
    history.change(current, wish.replicas, world.nanoTime());
    effect.scaled(current, wish.replicas);
    return status(autoscaler, current, wish.replicas, wish.metrics, conditions)
        .with("lastScaleTime", Timestamps.seconds(world.now()));
  }

  private void warn(Autoscaler autoscaler, String reason, String message) {
    events.warning(autoscaler.object(), reason, message);
  }

  /// The status of one whose target was left as it is since something is not known.
  private static Struct unchanged(Autoscaler autoscaler, long current, Conditions conditions) {
    Struct before = autoscaler.object().struct("status");
    return status(
        autoscaler,
        current,
        before.integer("desiredReplicas"),
        before.structs("currentMetrics"),
        conditions);
  }

  private static Struct status(
      Autoscaler autoscaler,
      long current,
      long desired,
      List<Struct> metrics,
      Conditions conditions) {
    Struct before = autoscaler.object().struct("status");
    StructBuilder status =
        new StructBuilder()
            .add("conditions", conditions.all())
            .addUnlessEmpty("currentMetrics", metrics)
            .addUnlessEmpty("lastScaleTime", before.get("lastScaleTime"))
            .add("desiredReplicas", desired);
    if (current != 0) {
      status.add("currentReplicas", current);
    }
    return status.build();
  }
}
