package dev.tiphys.delivery.canary;

/// Which share of the traffic the canary gets next. Pure.
///
/// A share grows only as far as the Pods that are to serve it are there, and shrinks only as far as
/// the stable version can take it over.
///
/// @param replicas how many Pods the Rollout wants
/// @param maxWeight what all shares add up to
/// @param live the share that the canary has
/// @param carrier the version that has this share
/// @param stable the version that has the rest
/// @param dynamic whether the stable version's size follows its share
record NextWeight(
    long replicas, long maxWeight, long live, Version carrier, Version stable, boolean dynamic) {

  /// On the way to `wanted`, the share that the versions can bear now.
  long towards(long wanted) {
    if (wanted >= live) {
      boolean enough = stable.available() >= replicas * (maxWeight - wanted) / maxWeight;
      return enough ? wanted : live;
    }
    if (carrier.available() == 0) {
      return wanted; // what is sent there fails
    }
    if (dynamic) {
      return Math.max(wanted, Math.min(live, maxWeight - bearable()));
    }
    return stable.available() > 0 ? wanted : live;
  }

  private long bearable() {
    return replicas == 0
        ? maxWeight
        : Math.min(maxWeight, maxWeight * stable.available() / replicas);
  }

  /// As much as the canary's Pods can bear, if all of it is to go there at once.
  long allThatFits(Version canary) {
    if (canary.available() >= replicas) {
      return maxWeight;
    }
    return dynamic ? maxWeight * canary.available() / replicas : live;
  }
}
