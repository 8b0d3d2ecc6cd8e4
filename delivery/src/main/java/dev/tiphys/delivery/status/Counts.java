package dev.tiphys.delivery.status;

import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many Pods there are, and which ones an autoscaler is to count.
final class Counts {

  private Counts() {}

  /// @param active with blue and green, the one that serves; null if none does yet
  static void write(
      StatusDraft status,
      Rollout rollout,
      ReplicaSet newest,
      List<ReplicaSet> all,
      @Nullable ReplicaSet active) {
    List<ReplicaSet> serving = active == null ? all : List.of(active);
    status.set(sum(all), "replicas");
    status.set(newest.actual(), "updatedReplicas");
    status.set(serving.stream().mapToLong(ReplicaSet::ready).sum(), "readyReplicas");
    status.set(ReplicaSet.available(serving), "availableReplicas");
    status.set(sum(serving), "HPAReplicas");
    LabelSelector selector =
        active == null
            ? rollout.selector()
            : LabelSelector.from(active.object().struct("spec", "selector"));
    status.set(selector.toString(), "selector");
  }

  private static long sum(List<ReplicaSet> sets) {
    return sets.stream().mapToLong(ReplicaSet::actual).sum();
  }
}
