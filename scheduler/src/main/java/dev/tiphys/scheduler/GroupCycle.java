package dev.tiphys.scheduler;

import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.Plugin;
import dev.tiphys.scheduler.plugins.gangs.GangScheduling;
import dev.tiphys.scheduler.queue.QueuedPod;
import dev.tiphys.scheduler.queue.SchedulingQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is done for a group of Pods when it is the turn of one of them: all that wait are tried one
/// after the other, and go on if there are enough that have nodes. If not, all give back what they
/// have taken before anything else is done, so no two groups wait for each other's places.
///
/// Threads: the scheduling task.
final class GroupCycle {

  private static final String UNSCHEDULABLE = "pod group is unschedulable";
  private static final String PREEMPTING = "pod group is waiting for preemption to complete";

  private final SchedulingQueue queue;
  private final Nominations nominations;
  private final BindingCycles bindings;
  private final Consumer<QueuedPod> schedule;
  private final BiConsumer<QueuedPod, String> fail;
  private final Map<String, GangScheduling> plugins = new HashMap<>(); // by scheduler

  /// @param schedule tries one Pod
  /// @param fail gives a Pod back, and says why
  GroupCycle(
      SchedulingQueue queue,
      Nominations nominations,
      BindingCycles bindings,
      Map<String, ProfileWork> profiles,
      Consumer<QueuedPod> schedule,
      BiConsumer<QueuedPod, String> fail) {
    this.queue = queue;
    this.nominations = nominations;
    this.bindings = bindings;
    this.schedule = schedule;
    this.fail = fail;
    profiles.forEach(
        (scheduler, work) -> {
          for (Plugin plugin : work.profile().plugins()) {
            if (plugin instanceof GangScheduling gangs) {
              plugins.put(scheduler, gangs);
            }
          }
        });
  }

  /// Schedules a Pod whose turn it is, with its group if it has one.
  void schedule(QueuedPod first) {
    ObjectKey group = first.pod().group();
    GangScheduling gangs = plugins.get(first.pod().scheduler());
    if (group == null || gangs == null) {
      schedule.accept(first);
    } else if (gangs.groups().find(group) == null) {
      queue.tryAgain(first); // it waits for the group
    } else {
      schedule(first, group, gangs);
    }
  }

  private void schedule(QueuedPod first, ObjectKey group, GangScheduling gangs) {
    List<QueuedPod> all = new ArrayList<>(List.of(first));
    for (String uid : gangs.groups().members(group)) {
      QueuedPod other = queue.take(uid);
      if (other != null) {
        all.add(other);
      }
    }
    all.sort(
        Comparator.comparingLong((QueuedPod queued) -> -queued.pod().priority())
            .thenComparingLong(QueuedPod::entered)
            .thenComparing(queued -> queued.pod().key().name()));
    String mismatch = mismatch(all);
    if (mismatch != null) {
      gangs.groups().conditions().failed(group, first.pod(), mismatch);
      all.forEach(queued -> fail.accept(queued, mismatch));
      return;
    }
    List<BindingCycle> held = bindings.holding(() -> all.forEach(schedule));
    settle(group, gangs, all, held);
  }

  /// What is wrong with a group whose Pods are not all of one scheduler; null if they are.
  private static @Nullable String mismatch(List<QueuedPod> all) {
    String scheduler = all.getFirst().pod().scheduler();
    for (QueuedPod queued : all) {
      if (!queued.pod().scheduler().equals(scheduler)) {
        return "all pods in a single pod group should have the same .spec.schedulerName set, got:"
            + " \"%s\" and \"%s\"".formatted(scheduler, queued.pod().scheduler());
      }
    }
    return null;
  }

  private void settle(
      ObjectKey group, GangScheduling gangs, List<QueuedPod> all, List<BindingCycle> held) {
    PodInfo member = all.getFirst().pod();
    boolean complete = gangs.groups().isComplete(group, 0);
    boolean consulting = all.stream().filter(queue::isTaken).count() > held.size();
    if (complete || consulting) {
      held.forEach(BindingCycle::proceed);
      return;
    }
    List<QueuedPod> nominated =
        all.stream()
            .filter(queued -> !queue.isTaken(queued))
            .filter(queued -> !nominations.nodeOf(queued.pod()).isEmpty())
            .toList();
    boolean preempting = !nominated.isEmpty() && gangs.groups().isComplete(group, nominated.size());
    String why = preempting ? PREEMPTING : GangScheduling.WAITING;
    for (BindingCycle cycle : held) {
      String node = preempting ? cycle.node().name() : "";
      cycle.release(UNSCHEDULABLE + ", " + why, node, GangScheduling.NAME);
      if (preempting) {
        nominations.put(cycle.pod(), node);
      }
    }
    gangs
        .groups()
        .conditions()
        .unschedulable(group, member, preempting ? UNSCHEDULABLE + ", " + why : UNSCHEDULABLE);
  }
}
