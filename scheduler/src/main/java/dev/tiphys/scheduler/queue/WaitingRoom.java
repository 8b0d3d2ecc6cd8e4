package dev.tiphys.scheduler.queue;

import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The Pods that wait for a change, by what decides whether one may help: there are few groups even
/// where there are many Pods.
///
/// Threads: the scheduling task.
final class WaitingRoom {

  private final Map<Group, Set<QueuedPod>> groups = new HashMap<>();

  /// @param own the uid of a Pod whose claims are its own, so that it is in a group of its own;
  ///   otherwise the group that it is scheduled in
  private record Group(long template, String scheduler, Set<String> plugins, String own) {
    static Group of(QueuedPod queued) {
      PodInfo pod = queued.pod();
      boolean claims =
          !pod.claims().isEmpty() || !pod.object().list("spec", "resourceClaims").isEmpty();
      return new Group(
          pod.template().id(),
          pod.scheduler(),
          queued.plugins,
          claims || queued.place == QueuedPod.Place.GATED && !isGatedAlike(queued)
              ? pod.uid()
              : String.valueOf(pod.group()));
    }

    /// Gates are the same for all of a template as far as hints go.
    private static boolean isGatedAlike(QueuedPod queued) {
      return !queued.pod().gates().isEmpty();
    }
  }

  boolean isEmpty() {
    return groups.isEmpty();
  }

  void add(QueuedPod queued) {
    groups.computeIfAbsent(Group.of(queued), _ -> new LinkedHashSet<>()).add(queued);
  }

  void remove(QueuedPod queued) {
    groups.computeIfPresent(
        Group.of(queued),
        (_, waiting) -> {
          waiting.remove(queued);
          return waiting.isEmpty() ? null : waiting;
        });
  }

  /// The Pods of the groups one of which satisfies a condition.
  List<QueuedPod> ofGroups(Predicate<QueuedPod> condition) {
    List<QueuedPod> found = new ArrayList<>();
    for (Set<QueuedPod> group : groups.values()) {
      if (condition.test(group.iterator().next())) {
        found.addAll(group);
      }
    }
    return found;
  }

  List<QueuedPod> all() {
    return groups.values().stream().flatMap(Set::stream).toList();
  }
}
