package dev.tiphys.scheduler;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.evaluation.Evaluation;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.extenders.Advice;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.PostFilterPlugin;
import dev.tiphys.scheduler.framework.PostFilterPlugin.PostFilterResult;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.Result;
import dev.tiphys.scheduler.queue.QueuedPod;
import dev.tiphys.scheduler.queue.SchedulingQueue;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.Slots;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What is done for one Pod: find a node for it and have it bound there; or find out why it fits
/// nowhere, and whether something can be done about that.
///
/// Threads: the scheduling task.
final class Cycle {

  private static final System.Logger LOG = System.getLogger(Cycle.class.getName());

  /// With fewer nodes all are looked at; of more, at least so many are.
  private static final int FEW_NODES = 100;

  private final World world;
  private final Cluster cluster;
  private final SchedulingQueue queue;
  private final Nominations nominations;
  private final Map<String, ProfileWork> profiles;
  private final BindingCycles bindings;
  private final Consultations consultations;
  private final RandomGenerator random;

  /// Where to look first, when not all nodes are looked at.
  private int start;

  Cycle(
      World world,
      Cluster cluster,
      SchedulingQueue queue,
      Nominations nominations,
      Map<String, ProfileWork> profiles,
      BindingCycles bindings,
      Consultations consultations,
      RandomGenerator random) {
    this.world = world;
    this.cluster = cluster;
    this.queue = queue;
    this.nominations = nominations;
    this.profiles = profiles;
    this.bindings = bindings;
    this.consultations = consultations;
    this.random = random;
  }

  private ProfileWork work(PodInfo pod) {
    return Objects.requireNonNull(profiles.get(pod.scheduler()));
  }

  void schedule(QueuedPod queued) {
    PodInfo pod = queued.pod();
    if (pod.ending() || cluster.isPlaced(pod)) {
      queue.remove(pod);
      return;
    }
    ProfileWork work = work(pod);
    if (cluster.nodes().isEmpty()) {
      work.reports()
          .failed(pod, "Unschedulable", "no nodes available to schedule pods", pod.nominated());
      queue.waitForChange(queued, Set.of());
      count(work, Result.UNSCHEDULABLE, queued);
      return;
    }
    CycleState state = new CycleState();
    Evaluation evaluation = work.evaluations().of(pod);
    boolean consults = consultations.areNeededFor(pod);
    NodeInfo cleared = cluster.node(nominations.nodeOf(pod));
    if (!consults && cleared != null && evaluation.isFeasible(state, pod, nominations, cleared)) {
      place(queued, cleared, work, state);
      return;
    }
    Slots feasible = feasible(work, evaluation, state, pod);
    if (feasible.isEmpty()) {
      fitsNowhere(queued, work, evaluation, state, Map.of());
    } else if (consults) {
      consultations.begin(pod, feasible, advice -> goOn(queued, advice));
    } else {
      place(queued, best(pod, evaluation, state), work, state);
    }
  }

  /// Whatever goes wrong, the Pod has another turn.
  private void goOn(QueuedPod queued, Advice advice) {
    try {
      advised(queued, advice);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "scheduling failed: pod=" + queued.pod(), e);
      abandon(queued, e);
    }
  }

  /// Goes on with what extenders have said. What they were told may have changed since, so that the
  /// plugins are asked again.
  private void advised(QueuedPod queued, Advice advice) {
    if (!queue.isTaken(queued)) {
      return;
    }
    PodInfo pod = queued.pod();
    ProfileWork work = work(pod);
    switch (advice) {
      case Advice.Failed(var message) -> {
        work.reports().failed(pod, "SchedulerError", message, pod.nominated());
        queue.waitForBackoff(queued);
        count(work, Result.ERROR, queued);
      }
      case Advice.Given given -> advised(queued, work, given);
    }
  }

  private void advised(QueuedPod queued, ProfileWork work, Advice.Given advice) {
    PodInfo pod = queued.pod();
    if (pod.ending() || cluster.isPlaced(pod)) {
      queue.remove(pod);
      return;
    }
    CycleState state = new CycleState();
    Evaluation evaluation = work.evaluations().of(pod);
    Slots feasible = evaluation.feasible(state, pod, nominations);
    feasible.keep(slot -> advice.left().contains(name(slot)));
    if (!feasible.isEmpty()) {
      place(queued, choose(pod, feasible, evaluation, state, advice), work, state);
    } else if (advice.left().isEmpty()) {
      fitsNowhere(queued, work, evaluation, state, advice.rejections());
    } else {
      queue.tryAgain(queued);
    }
  }

  private String name(int slot) {
    return Objects.requireNonNull(cluster.nodeAt(slot)).name();
  }

  private NodeInfo choose(
      PodInfo pod, Slots feasible, Evaluation evaluation, CycleState state, Advice.Given advice) {
    NodeInfo cleared = cluster.node(nominations.nodeOf(pod));
    if (cleared != null && feasible.contains(cleared.slot())) {
      return cleared;
    }
    long[] extra = new long[feasible.size()];
    for (int i = 0; i < extra.length; i++) {
      extra[i] = advice.scores().getOrDefault(name(feasible.at(i)), 0L);
    }
    return Objects.requireNonNull(cluster.nodeAt(evaluation.best(state, pod, extra, random)));
  }

  private Slots feasible(ProfileWork work, Evaluation evaluation, CycleState state, PodInfo pod) {
    int all = cluster.nodes().size();
    int share = work.profile().nodesToScore();
    if (share == 0 || share >= 100 || all < FEW_NODES) {
      return evaluation.feasible(state, pod, nominations);
    }
    int enough = Math.max(FEW_NODES, all * share / 100);
    Slots feasible = evaluation.feasible(state, pod, nominations, start, enough);
    start = feasible.isEmpty() ? 0 : feasible.at(feasible.size() - 1) + 1;
    return feasible;
  }

  /// Takes a Pod back whose scheduling has broken off, wherever that was.
  void abandon(QueuedPod queued, RuntimeException failure) {
    PodInfo pod = queued.pod();
    if (!bindings.abandon(pod)) {
      work(pod)
          .reports()
          .failed(pod, "SchedulerError", BindingCycle.message(failure), pod.nominated());
      cluster.forget(pod);
      queue.waitForBackoff(queued);
      count(work(pod), Result.ERROR, queued);
    }
  }

  private NodeInfo best(PodInfo pod, Evaluation evaluation, CycleState state) {
    return Objects.requireNonNull(cluster.nodeAt(evaluation.best(state, pod, random)));
  }

  private void place(QueuedPod queued, NodeInfo node, ProfileWork work, CycleState state) {
    PodInfo pod = queued.pod();
    cluster.assume(pod, node);
    nominations.remove(pod);
    queue.onEvent(ClusterEvent.arrived(pod, node));
    bindings.begin(queued, node, work, state);
  }

  /// @param byExtenders why nodes will not do that plugins have found, by their names
  private void fitsNowhere(
      QueuedPod queued,
      ProfileWork work,
      Evaluation evaluation,
      CycleState state,
      Map<String, Rejection> byExtenders) {
    PodInfo pod = queued.pod();
    Diagnosis diagnosis = evaluation.diagnosis(pod, nominations);
    byExtenders.forEach(
        (name, rejection) -> {
          NodeInfo node = cluster.node(name);
          if (node != null) {
            diagnosis.add(node, rejection);
          }
        });
    String message = diagnosis.message(cluster.nodes().size());
    PostFilterResult result = postFilter(work, evaluation, state, pod, diagnosis);
    String nomination = result.nomination();
    if (nomination != null) {
      nominate(pod, nomination);
    }
    work.reports()
        .failed(
            pod,
            "Unschedulable",
            result.message().isEmpty() ? message : message + " " + result.message(),
            nominations.nodeOf(pod));
    queue.waitForChange(queued, diagnosis.plugins());
    count(work, Result.UNSCHEDULABLE, queued);
  }

  private void count(ProfileWork work, Result result, QueuedPod queued) {
    work.attempted(result, world.nanoTime() - queued.taken());
  }

  private void nominate(PodInfo pod, String node) {
    if (node.isEmpty()) {
      nominations.remove(pod);
    } else {
      nominations.put(pod, node);
    }
  }

  /// Asks the plugins one by one until one helps; if none does, what they said together.
  private static PostFilterResult postFilter(
      ProfileWork work, Evaluation evaluation, CycleState state, PodInfo pod, Diagnosis diagnosis) {
    List<String> messages = new ArrayList<>();
    @Nullable String nomination = null;
    for (PostFilterPlugin plugin : work.profile().postFilter()) {
      PostFilterResult result = plugin.postFilter(state, pod, diagnosis, evaluation);
      if (result.helps()) {
        return result;
      }
      messages.add(result.message());
      nomination = result.nomination() == null ? nomination : result.nomination();
    }
    return new PostFilterResult(false, String.join(", ", messages), nomination);
  }
}
