package dev.tiphys.controllers.deployment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What scaling a Deployment means for its ReplicaSets: a single one takes it all; in the middle of
/// a rollout each takes a share in proportion to its size, so that the risk stays the same. Pure.
///
/// @param deployment what is wanted
/// @param newest the ReplicaSet of the wanted template, or null if there is none
/// @param old the other ones
record ProportionalScaling(
    Deployment deployment, @Nullable ReplicaSet newest, List<ReplicaSet> old) {

  ProportionalScaling {
    old = List.copyOf(old);
  }

  /// Whether the Deployment's size is another than when its ReplicaSets were last scaled.
  boolean isDue() {
    for (ReplicaSet set : active()) {
      boolean noted = !set.meta().annotation(Annotations.DESIRED).isEmpty();
      if (noted && Annotations.number(set.object(), Annotations.DESIRED) != deployment.replicas()) {
        return true;
      }
    }
    return false;
  }

  private List<ReplicaSet> active() {
    List<ReplicaSet> all = new ArrayList<>(old);
    if (newest != null) {
      all.add(newest);
    }
    return all.stream().filter(ReplicaSet::isActive).toList();
  }

  /// The sizes that the ReplicaSets are to have; also those that keep theirs, since the
  /// Deployment's size is noted on them.
  List<Resize> sizes() {
    List<ReplicaSet> active = active();
    if (active.size() <= 1) {
      ReplicaSet single = active.isEmpty() ? latest() : active.getFirst();
      return single == null ? List.of() : List.of(new Resize(single, deployment.replicas()));
    }
    if (newest != null && isSaturated(newest)) {
      return active.stream()
          .filter(set -> !set.name().equals(newest.name()))
          .map(set -> new Resize(set, 0))
          .toList();
    }
    return deployment.isRecreate() ? List.of() : shares(active);
  }

  private @Nullable ReplicaSet latest() {
    return newest != null ? newest : old.stream().max(ReplicaSet.BY_AGE).orElse(null);
  }

  private boolean isSaturated(ReplicaSet set) {
    long wanted = deployment.replicas();
    return set.replicas() == wanted
        && set.available() == wanted
        && Annotations.number(set.object(), Annotations.DESIRED) == wanted;
  }

  private List<Resize> shares(List<ReplicaSet> active) {
    long maximum = deployment.replicas() == 0 ? 0 : deployment.replicas() + deployment.maxSurge();
    long change = maximum - ReplicaSet.replicas(active);
    Comparator<ReplicaSet> order = Comparator.comparingLong((ReplicaSet set) -> -set.replicas());
    order = order.thenComparing(change > 0 ? ReplicaSet.BY_AGE.reversed() : ReplicaSet.BY_AGE);
    List<ReplicaSet> ordered = active.stream().sorted(order).toList();
    List<Resize> sizes = new ArrayList<>();
    long left = change;
    for (ReplicaSet set : ordered) {
      long share = change > 0 ? Math.min(share(set), left) : Math.max(share(set), left);
      long taken = change == 0 ? 0 : share;
      sizes.add(new Resize(set, set.replicas() + taken));
      left -= taken;
    }
    Resize largest = sizes.getFirst();
    sizes.set(0, new Resize(largest.replicaSet(), Math.max(0, largest.replicas() + left)));
    return sizes;
  }

  /// By how much a ReplicaSet changes if it keeps its part of the whole.
  private long share(ReplicaSet set) {
    if (deployment.replicas() == 0) {
      return -set.replicas();
    }
    long before = Annotations.number(set.object(), Annotations.MAXIMUM);
    if (before == 0) {
      before = deployment.status().integer("replicas");
    }
    if (before == 0) {
      return 0;
    }
    double maximum = deployment.replicas() + deployment.maxSurge();
    return Math.round(set.replicas() * maximum / before) - set.replicas();
  }
}
