package dev.tiphys.delivery.model;

import dev.tiphys.object.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A strategy that moves step by step, with defaults.
///
/// @param spec the field `canary`
/// @param replicas how many Pods the Rollout wants
public record Canary(Struct spec, long replicas) {

  private static final long DEFAULT_DELAY = 30;
  private static final String DEFAULT_SHARE = "25%";

  public List<Step> steps() {
    return spec.structs("steps").stream().map(Step::of).toList();
  }

  /// Empty if there is none.
  public String canaryService() {
    return spec.string("canaryService");
  }

  /// Empty if there is none.
  public String stableService() {
    return spec.string("stableService");
  }

  /// Whether two Services take turns at being the stable one.
  public boolean isPingPong() {
    return spec.has("pingPong");
  }

  public String pingService() {
    return spec.string("pingPong", "pingService");
  }

  public String pongService() {
    return spec.string("pingPong", "pongService");
  }

  /// How many Pods there may be beyond the wanted ones.
  public long maxSurge() {
    return Amounts.roundedUp(field("maxSurge"), replicas);
  }

  /// How many of the wanted Pods need not be available.
  public long maxUnavailable() {
    long most = Amounts.roundedDown(field("maxUnavailable"), replicas);
    if (most == 0 && maxSurge() == 0) {
      return 1; // both may round to nothing, and then no update could move
    }
    return Math.min(most, replicas);
  }

  private Object field(String name) {
    Object value = spec.get(name);
    return value == null ? DEFAULT_SHARE : value;
  }

  /// Empty if Pods alone share the traffic.
  public Struct trafficRouting() {
    return spec.struct("trafficRouting");
  }

  public boolean isRouted() {
    return spec.has("trafficRouting");
  }

  /// What the weights of canary and stable add up to.
  public long maxWeight() {
    long most = trafficRouting().integer("maxTrafficWeight");
    return most == 0 ? 100 : most;
  }

  /// Whether the stable version shrinks as the canary's weight grows.
  public boolean isStableDynamic() {
    return isRouted() && spec.bool("dynamicStableScale");
  }

  /// The least size of a version that has Pods at all.
  public long minPods() {
    return Math.max(1, spec.integer("minPodsPerReplicaSet"));
  }

  /// What runs beside the steps; empty if nothing does.
  public Struct backgroundAnalysis() {
    return spec.struct("analysis");
  }

  public long scaleDownDelaySeconds() {
    return isRouted() && !isStableDynamic() ? number("scaleDownDelaySeconds") : 0;
  }

  /// For how many old revisions there is a delay; null for all.
  public @Nullable Long scaleDownDelayRevisions() {
    return spec.has("scaleDownDelayRevisionLimit")
        ? Long.valueOf(spec.integer("scaleDownDelayRevisionLimit"))
        : null;
  }

  /// How long the canary of an aborted update lives on; 0 for ever.
  public long abortScaleDownDelaySeconds() {
    return number("abortScaleDownDelaySeconds");
  }

  public Struct canaryMetadata() {
    return spec.struct("canaryMetadata");
  }

  public Struct stableMetadata() {
    return spec.struct("stableMetadata");
  }

  /// Whether `available` Pods out of those wanted are enough to go on.
  public boolean isEnough(long available, long wanted) {
    if (available >= wanted || !spec.has("replicaProgressThreshold")) {
      return available >= wanted;
    }
    Struct threshold = spec.struct("replicaProgressThreshold");
    long value = threshold.integer("value");
    return threshold.string("type").equals("Percent")
        ? available * 100 >= wanted * value
        : available >= Math.min(value, wanted);
  }

  private long number(String name) {
    return spec.has(name) ? spec.integer(name) : DEFAULT_DELAY;
  }
}
