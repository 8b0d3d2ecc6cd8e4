package dev.tiphys.delivery.canary;

/// Sizes of a canary whose Pods get their share of traffic by their number alone. Pure.
///
/// @param replicas how many Pods the Rollout wants
/// @param weight the share that the canary is to have, of 100
/// @param maxSurge how many more there may be
/// @param maxUnavailable how many fewer may be available
record BasicSizes(long replicas, long weight, long maxSurge, long maxUnavailable) {

  private static final long WHOLE = 100;

  /// The sizes that come closest to the weight. Of two that are as close the one with more Pods of
  /// the canary; a weight that is neither nothing nor all leaves no side without Pods, unless there
  /// is room for one Pod only.
  Sizes nearest() {
    if (weight <= 0 || replicas == 0) {
      return new Sizes(0, replicas);
    }
    if (weight >= WHOLE) {
      return new Sizes(replicas, 0);
    }
    boolean single = replicas == 1 && maxSurge == 0;
    long least = single ? 0 : 1;
    Sizes best = null;
    for (long total = replicas; total <= replicas + Math.min(1, maxSurge); total++) {
      for (long canary = Math.ceilDiv(replicas * weight, WHOLE);
          canary >= replicas * weight / WHOLE;
          canary--) {
        if (canary < least || total - canary < least) {
          continue;
        }
        Sizes option = new Sizes(canary, total - canary);
        if (best == null || isCloser(option, best)) {
          best = option;
        }
      }
    }
    return best == null ? new Sizes(0, replicas) : best;
  }

  private boolean isCloser(Sizes one, Sizes other) {
    return Double.compare(distance(one), distance(other)) < 0;
  }

  private double distance(Sizes sizes) {
    double share = (double) sizes.canary() * WHOLE / (sizes.canary() + sizes.stable());
    return Math.abs(share - weight);
  }

  /// The next sizes on the way there: as many more Pods as the surge allows, those of the stable
  /// version first; as many fewer as availability allows, once other versions are gone.
  ///
  /// @param others how many Pods versions have that are neither
  Sizes next(Version canary, Version stable, long others) {
    Sizes goal = nearest();
    long most = replicas + maxSurge;
    long room = most - canary.replicas() - stable.replicas() - others;
    long newStable = grown(stable.replicas(), goal.stable(), room);
    long newCanary =
        grown(canary.replicas(), goal.canary(), room - (newStable - stable.replicas()));
    if (others > 0) {
      return new Sizes(newCanary, newStable);
    }
    long least = replicas - maxUnavailable;
    // the version that is on its way out may be the broken one: its Pods count as they are wanted
    boolean growing = goal.canary() >= canary.replicas();
    if (growing) {
      long spare = canary.serving() + stable.replicas() - least;
      newStable = shrunk(stable.replicas(), goal.stable(), spare, newStable);
      newCanary = within(newCanary, canary, newStable, stable, most, least);
    } else {
      long spare = canary.replicas() + stable.serving() - least;
      newCanary = shrunk(canary.replicas(), goal.canary(), spare, newCanary);
      newStable = within(newStable, stable, newCanary, canary, most, least);
    }
    return new Sizes(newCanary, newStable);
  }

  private static long grown(long size, long goal, long room) {
    return size >= goal || room <= 0 ? size : Math.min(goal, size + room);
  }

  private static long shrunk(long size, long goal, long spare, long otherwise) {
    return size <= goal || spare <= 0 ? otherwise : Math.max(goal, size - spare);
  }

  /// A Rollout that became smaller has too many Pods on both sides: the side that is to stay gives
  /// up what is beyond the limit, as far as availability allows.
  private static long within(
      long size, Version staying, long otherSize, Version leaving, long most, long least) {
    long over = size + otherSize - most;
    if (over <= 0) {
      return size;
    }
    long needed = least - Math.min(leaving.available(), otherSize);
    long kept = Math.clamp(needed, 0, Math.min(staying.available(), size));
    return Math.max(size - over, kept);
  }
}
