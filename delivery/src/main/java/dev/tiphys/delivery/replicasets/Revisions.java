package dev.tiphys.delivery.replicasets;

import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The numbers of a Rollout's revisions, which of them one can go back to, and which are forgotten.
/// Pure.
public final class Revisions {

  /// What a ReplicaSet does not take over from its Rollout.
  private static final Set<String> OWN =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          Labels.REVISION,
          Labels.HISTORY,
          Labels.DESIRED,
          "notified.notifications.argoproj.io");

  private Revisions() {}

  /// `replicaSet` with the Rollout's annotations, as the newest revision. A revision that it had
  /// before, since it is used again after a rollback, goes to its history.
  public static Struct asNewest(Struct replicaSet, Rollout rollout, List<ReplicaSet> others) {
    Struct marked = replicaSet;
    Struct given = rollout.meta().annotations();
    for (String key : given.names()) {
      if (!OWN.contains(key)) {
        marked = Meta.withAnnotation(marked, key, given.string(key));
      }
    }
    long revision = others.stream().mapToLong(ReplicaSet::revision).max().orElse(0) + 1;
    String before = Meta.of(marked).annotation(Labels.REVISION);
    if (!before.isEmpty() && Labels.number(marked, Labels.REVISION) >= revision) {
      return marked;
    }
    marked = Meta.withAnnotation(marked, Labels.REVISION, Long.toString(revision));
    if (before.isEmpty()) {
      return marked;
    }
    String history = Meta.of(marked).annotation(Labels.HISTORY);
    return Meta.withAnnotation(
        marked, Labels.HISTORY, history.isEmpty() ? before : history + "," + before);
  }

  /// The oldest revisions beyond the limit, as far as no Pods are left of them.
  ///
  /// @param unused those that nothing refers to
  public static List<ReplicaSet> excess(Rollout rollout, List<ReplicaSet> unused) {
    List<ReplicaSet> kept =
        unused.stream()
            .filter(set -> !set.meta().isBeingDeleted())
            .sorted(ReplicaSet.BY_REVISION)
            .toList();
    long excess = Math.max(0, kept.size() - rollout.historyLimit());
    return kept.stream()
        .limit(excess)
        .filter(set -> set.actual() == 0 && set.replicas() == 0 && set.isObserved())
        .toList();
  }

  /// Whether the newest template is one that was left so few revisions ago that the way back to it
  /// is free.
  ///
  /// @param others all other ReplicaSets, the stable one among them
  public static boolean isInRollbackWindow(
      Rollout rollout, ReplicaSet newest, @Nullable ReplicaSet stable, List<ReplicaSet> others) {
    if (rollout.rollbackWindow() <= 0
        || stable == null
        || ReplicaSet.BY_AGE.compare(newest, stable) >= 0) {
      return false;
    }
    long between =
        others.stream()
            .filter(
                set ->
                    ReplicaSet.BY_AGE.compare(set, newest) > 0
                        && ReplicaSet.BY_AGE.compare(set, stable) < 0)
            .count();
    return between < rollout.rollbackWindow();
  }
}
