package dev.tiphys.scheduler;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.ClusterEvent;
import dev.tiphys.scheduler.framework.Diagnosis;
import dev.tiphys.scheduler.framework.Evaluation;
import dev.tiphys.scheduler.framework.Nominations;
import dev.tiphys.scheduler.framework.Slots;
import dev.tiphys.scheduler.preemption.Preemption;
import dev.tiphys.scheduler.queue.QueuedPod;
import dev.tiphys.scheduler.queue.SchedulingQueue;
import dev.tiphys.scheduler.volumes.VolumeBinder;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;

/// What is done for one Pod: filter, score, assume, bind; or find out why it fits nowhere, and
/// whether others have to leave for it.
///
/// Threads: the scheduling task.
final class Cycle {

  /// Upstream also looks for devices to take back, and says so even where there are none.
  private static final String PREEMPTION = " no new claims to deallocate, preemption: ";

  private final Cluster cluster;
  private final SchedulingQueue queue;
  private final Nominations nominations;
  private final Evaluations evaluations;
  private final Preemption preemption;
  private final VolumeBinder volumes;
  private final Binder binder;
  private final Reports reports;
  private final Inbox inbox;
  private final RandomGenerator random;

  Cycle(
      Cluster cluster,
      SchedulingQueue queue,
      Nominations nominations,
      Evaluations evaluations,
      Preemption preemption,
      VolumeBinder volumes,
      Binder binder,
      Reports reports,
      Inbox inbox,
      RandomGenerator random) {
    this.cluster = cluster;
    this.queue = queue;
    this.nominations = nominations;
    this.evaluations = evaluations;
    this.preemption = preemption;
    this.volumes = volumes;
    this.binder = binder;
    this.reports = reports;
    this.inbox = inbox;
    this.random = random;
  }

  void schedule(QueuedPod queued) {
    PodInfo pod = queued.pod();
    if (pod.ending() || cluster.isPlaced(pod)) {
      queue.remove(pod);
      return;
    }
    if (cluster.nodes().isEmpty()) {
      reports.failed(pod, "Unschedulable", "no nodes available to schedule pods", pod.nominated());
      queue.waitForChange(queued, Set.of());
      return;
    }
    Evaluation evaluation = evaluations.of(pod);
    Slots feasible = evaluation.feasible(pod, nominations);
    if (feasible.isEmpty()) {
      fitsNowhere(queued, evaluation);
    } else {
      place(queued, choose(pod, feasible, evaluation));
    }
  }

  /// Takes a Pod back whose scheduling has broken off, wherever that was.
  void abandon(QueuedPod queued) {
    cluster.forget(queued.pod());
    queue.waitForBackoff(queued);
  }

  private NodeInfo choose(PodInfo pod, Slots feasible, Evaluation evaluation) {
    NodeInfo cleared = cluster.node(nominations.nodeOf(pod));
    if (cleared != null && feasible.contains(cleared.slot())) {
      return cleared;
    }
    return Objects.requireNonNull(cluster.nodeAt(evaluation.best(random)));
  }

  private void place(QueuedPod queued, NodeInfo node) {
    PodInfo pod = queued.pod();
    cluster.assume(pod, node);
    nominations.remove(pod);
    queue.onEvent(new ClusterEvent.PodArrived(pod, node));
    volumes.bind(
        pod, node, () -> bind(queued, pod, node), error -> bindingFailed(queued, pod, error));
  }

  private void bind(QueuedPod queued, PodInfo pod, NodeInfo node) {
    binder.bind(
        pod,
        node,
        () -> {
          reports.placed(pod, node.name());
          inbox.post(() -> queue.remove(pod));
        },
        error -> inbox.post(() -> bindingFailed(queued, pod, error)));
  }

  private void bindingFailed(QueuedPod queued, PodInfo pod, String error) {
    NodeInfo node = cluster.forget(pod);
    if (node == null) {
      // It is gone, or was bound by another scheduler.
      return;
    }
    queue.onEvent(new ClusterEvent.PodLeft(pod, node));
    queue.waitForBackoff(queued);
    reports.failed(pod, "SchedulerError", error, pod.nominated());
  }

  private void fitsNowhere(QueuedPod queued, Evaluation evaluation) {
    PodInfo pod = queued.pod();
    Diagnosis diagnosis = evaluation.diagnosis(pod, nominations);
    String message = diagnosis.message(cluster.nodes().size());
    switch (preemption.attempt(pod, evaluation, diagnosis, random)) {
      case Preemption.Outcome.Cleared(var node, var victims) -> {
        clear(node, victims, pod);
        unschedulable(pod, message);
      }
      case Preemption.Outcome.Useless(var why) -> {
        nominations.remove(pod);
        unschedulable(pod, message + PREEMPTION + why);
      }
      case Preemption.Outcome.Ineligible(var why) -> unschedulable(pod, message + PREEMPTION + why);
    }
    queue.waitForChange(queued, diagnosis.plugins());
  }

  private void unschedulable(PodInfo pod, String message) {
    reports.failed(pod, "Unschedulable", message, nominations.nodeOf(pod));
  }

  private void clear(NodeInfo node, List<PodInfo> victims, PodInfo pod) {
    for (PodInfo victim : victims) {
      reports.preempt(victim, pod, node);
    }
    for (PodInfo other : nominations.behind(pod, node)) {
      nominations.remove(other);
      reports.nominationLost(other);
    }
    nominations.put(pod, node.name());
  }
}
