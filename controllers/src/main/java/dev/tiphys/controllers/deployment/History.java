package dev.tiphys.controllers.deployment;

import java.util.Comparator;
import java.util.List;

/// The revisions of a Deployment that one can go back to. Pure.
///
/// @param deployment the Deployment
/// @param old its ReplicaSets of other templates
record History(Deployment deployment, List<ReplicaSet> old) {

  private static final Comparator<ReplicaSet> BY_REVISION =
      Comparator.comparing(ReplicaSet::revision).thenComparing(ReplicaSet.BY_AGE);

  History {
    old = List.copyOf(old);
  }

  /// The oldest revisions beyond the limit, as far as no Pods are left of them.
  List<ReplicaSet> excess() {
    if (!deployment.hasHistoryLimit()) {
      return List.of();
    }
    List<ReplicaSet> kept =
        old.stream().filter(set -> !set.meta().isBeingDeleted()).sorted(BY_REVISION).toList();
    long excess = Math.max(0, kept.size() - deployment.historyLimit());
    return kept.stream().limit(excess).filter(History::isEmpty).toList();
  }

  private static boolean isEmpty(ReplicaSet set) {
    return set.actual() == 0
        && set.replicas() == 0
        && set.meta().generation() <= set.object().integer("status", "observedGeneration");
  }
}
