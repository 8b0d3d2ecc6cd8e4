package dev.tiphys.controllers.deployment;

import java.util.ArrayList;
import java.util.List;

/// The next step of a rolling update: the new ReplicaSet grows as far as the surge allows, the old
/// ones shrink as far as availability allows. Pure.
///
/// @param deployment what is wanted
/// @param newest the ReplicaSet of the wanted template
/// @param old the other ones
record RollingUpdate(Deployment deployment, ReplicaSet newest, List<ReplicaSet> old) {

  RollingUpdate {
    old = List.copyOf(old);
  }

  /// How large a new ReplicaSet may be beside others that have `others` Pods and may have
  /// `replicas` itself.
  static long newSize(Deployment deployment, long replicas, long others) {
    if (deployment.isRecreate()) {
      return deployment.replicas();
    }
    if (replicas >= deployment.replicas()) {
      return deployment.replicas();
    }
    long room = deployment.replicas() + deployment.maxSurge() - others - replicas;
    if (room <= 0) {
      return replicas;
    }
    return replicas + Math.min(room, deployment.replicas() - replicas);
  }

  /// What is done next with the new ReplicaSet; empty if it has its size for now.
  List<Resize> grow() {
    long size = newSize(deployment, newest.replicas(), ReplicaSet.present(old));
    return size == newest.replicas() ? List.of() : List.of(new Resize(newest, size));
  }

  /// What is done next with the old ones: unhealthy Pods go first, since they serve nothing.
  List<Resize> shrink() {
    long needed = deployment.replicas() - deployment.maxUnavailable();
    long missing = newest.replicas() - available(newest);
    long total = ReplicaSet.replicas(old) + newest.replicas();
    long most = total - needed - missing;
    if (most <= 0) {
      return List.of();
    }
    List<ReplicaSet> oldest = old.stream().sorted(ReplicaSet.BY_AGE).toList();
    long[] sizes = new long[oldest.size()];
    long unhealthy = 0;
    long spare = available(newest) - needed;
    for (int i = 0; i < sizes.length; i++) {
      ReplicaSet set = oldest.get(i);
      long gone = Math.min(most - unhealthy, set.replicas() - available(set));
      sizes[i] = set.replicas() - gone;
      unhealthy += gone;
      spare += available(set);
    }
    long left = Math.min(spare, most - unhealthy);
    List<Resize> changes = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      long gone = Math.clamp(left, 0, sizes[i]);
      left -= gone;
      if (sizes[i] - gone != oldest.get(i).replicas()) {
        changes.add(new Resize(oldest.get(i), sizes[i] - gone));
      }
    }
    return changes;
  }

  /// A status may be older than the size, and then tells of Pods that are about to go.
  private static long available(ReplicaSet set) {
    return Math.min(set.available(), set.replicas());
  }
}
