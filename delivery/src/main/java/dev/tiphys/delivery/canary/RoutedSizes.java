package dev.tiphys.delivery.canary;

import org.jspecify.annotations.Nullable;

/// Sizes of a canary whose share of traffic is set by a router. Pure.
///
/// No version is smaller than what the traffic that it is sent now needs.
///
/// @param replicas how many Pods the Rollout wants
/// @param maxWeight what all shares add up to
/// @param minPods the least size of a version that has Pods
/// @param dynamic whether the stable version shrinks as the canary's share grows
record RoutedSizes(long replicas, long maxWeight, long minPods, boolean dynamic) {

  /// @param weight the share that the canary is to have
  /// @param live the share that it has
  /// @param fixed the size that a step gives the canary whatever its share; null if none does
  Sizes of(long weight, long live, @Nullable Long fixed) {
    long canary = fixed == null ? needed(weight) : atLeast(fixed);
    long stable =
        dynamic ? Math.max(needed(maxWeight - weight), needed(maxWeight - live)) : replicas;
    return new Sizes(Math.max(canary, needed(live)), stable);
  }

  /// How many Pods a share of the traffic needs.
  long needed(long weight) {
    return atLeast(Math.ceilDiv(replicas * weight, maxWeight));
  }

  private long atLeast(long size) {
    return size <= 0 ? 0 : Math.max(size, minPods);
  }
}
