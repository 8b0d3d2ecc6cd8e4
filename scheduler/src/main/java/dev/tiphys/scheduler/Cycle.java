package dev.tiphys.scheduler;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.decisions.Attempt;
import dev.tiphys.scheduler.decisions.Attempt.Outcome;
import dev.tiphys.scheduler.decisions.Attempt.Ranked;
import dev.tiphys.scheduler.decisions.Attempt.Refusal;
import dev.tiphys.scheduler.decisions.Roster;
import dev.tiphys.scheduler.decisions.Table;
import dev.tiphys.scheduler.evaluation.Evaluation;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.extenders.Advice;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.PluginTimer;
import dev.tiphys.scheduler.framework.PostFilterPlugin;
import dev.tiphys.scheduler.framework.PostFilterPlugin.PostFilterResult;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.Point;
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
  private final Roster roster;
  private final Afterthoughts afterthoughts;

  private long cycles;

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
      Afterthoughts afterthoughts,
      Roster roster,
      RandomGenerator random) {
    this.world = world;
    this.cluster = cluster;
    this.queue = queue;
    this.nominations = nominations;
    this.profiles = profiles;
    this.bindings = bindings;
    this.consultations = consultations;
    this.afterthoughts = afterthoughts;
    this.roster = roster;
    this.random = random;
  }

  /// Plugins are timed in one cycle of ten.
  private CycleState state(ProfileWork work) {
    boolean timed = cycles++ % 10 == 0;
    return new CycleState(timed ? new PluginTimer(world, work.metrics().plugins()) : null);
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
      String message = "no nodes available to schedule pods";
      work.reports().failed(pod, "Unschedulable", message, pod.nominated());
      note(work, queued, new Outcome.Unschedulable(message, "", List.of()), List.of(), null);
      queue.waitForChange(queued, Set.of());
      count(work, Result.UNSCHEDULABLE, queued);
      return;
    }
    CycleState state = state(work);
    Evaluation evaluation = work.evaluations().of(pod);
    work.evaluates(evaluation);
    boolean consults = consultations.areNeededFor(pod);
    NodeInfo cleared = cluster.node(nominations.nodeOf(pod));
    if (!consults && cleared != null && evaluation.isFeasible(state, pod, nominations, cleared)) {
      Table alone = Evaluation.foundAlone(cluster, roster.names(), cleared);
      place(queued, cleared, work, state, new Outcome.Placed(cleared.name(), 1, List.of()), alone);
      return;
    }
    long begin = world.nanoTime();
    Slots feasible = feasible(work, evaluation, state, pod);
    long filtered = world.nanoTime();
    work.asked(Point.FILTER, of(!feasible.isEmpty()), filtered - begin);
    if (feasible.isEmpty()) {
      fitsNowhere(queued, work, evaluation, state, Map.of());
    } else if (consults) {
      consultations.begin(pod, feasible, advice -> goOn(queued, advice));
    } else {
      NodeInfo node = best(pod, evaluation, state);
      long scored = world.nanoTime();
      work.asked(Point.SCORE, Result.SCHEDULED, scored - filtered);
      work.metrics().plugins().evaluated(pod.scheduler(), Point.SCORE, evaluation.scoringPlugins());
      work.metrics().chosen(scored - begin);
      Table found = evaluation.found(roster.names(), Advice.Given.NONE);
      place(queued, node, work, state, placed(node, feasible, evaluation.ranking()), found);
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
        note(work, queued, new Outcome.Failed(message), List.of(), null);
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
    CycleState state = state(work);
    Evaluation evaluation = work.evaluations().of(pod);
    Slots feasible = evaluation.feasible(state, pod, nominations);
    feasible.keep(slot -> advice.left().contains(name(slot)));
    if (!feasible.isEmpty()) {
      place(queued, work, state, evaluation, feasible, advice);
    } else if (advice.left().isEmpty()) {
      fitsNowhere(queued, work, evaluation, state, advice.rejections());
    } else {
      queue.tryAgain(queued);
    }
  }

  private String name(int slot) {
    return Objects.requireNonNull(cluster.nodeAt(slot)).name();
  }

  private void place(
      QueuedPod queued,
      ProfileWork work,
      CycleState state,
      Evaluation evaluation,
      Slots feasible,
      Advice.Given advice) {
    PodInfo pod = queued.pod();
    NodeInfo cleared = cluster.node(nominations.nodeOf(pod));
    if (cleared != null && feasible.contains(cleared.slot())) {
      Table alone = Evaluation.foundAlone(cluster, roster.names(), cleared);
      place(queued, cleared, work, state, placed(cleared, feasible, List.of()), alone);
      return;
    }
    long[] extra = new long[feasible.size()];
    for (int i = 0; i < extra.length; i++) {
      extra[i] = advice.scores().getOrDefault(name(feasible.at(i)), 0L);
    }
    int slot = evaluation.best(state, pod, extra, random);
    NodeInfo node = Objects.requireNonNull(cluster.nodeAt(slot));
    Table found = evaluation.found(roster.names(), advice);
    place(queued, node, work, state, placed(node, feasible, evaluation.ranking()), found);
  }

  private static Outcome placed(NodeInfo node, Slots feasible, List<Ranked> ranking) {
    return new Outcome.Placed(node.name(), feasible.size(), ranking);
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
      cluster.forget(pod);
      fail(queued, BindingCycle.message(failure));
    }
  }

  /// Gives a Pod back that could not be scheduled, though not for a lack of room.
  void fail(QueuedPod queued, String message) {
    PodInfo pod = queued.pod();
    if (queue.isTaken(queued)) {
      work(pod).reports().failed(pod, "SchedulerError", message, pod.nominated());
      note(work(pod), queued, new Outcome.Failed(message), List.of(), null);
      queue.waitForBackoff(queued);
      count(work(pod), Result.ERROR, queued);
    }
  }

  private NodeInfo best(PodInfo pod, Evaluation evaluation, CycleState state) {
    return Objects.requireNonNull(cluster.nodeAt(evaluation.best(state, pod, random)));
  }

  private void place(
      QueuedPod queued,
      NodeInfo node,
      ProfileWork work,
      CycleState state,
      Outcome outcome,
      Table found) {
    PodInfo pod = queued.pod();
    note(work, queued, outcome, List.of(), found);
    cluster.assume(pod, node);
    nominations.remove(pod);
    if (!bindings.holds()) {
      queue.onEvent(ClusterEvent.arrived(pod, node));
    }
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
    String refused = diagnosis.message(cluster.nodes().size());
    Table found = evaluation.found(roster.names(), diagnosis);
    long begin = world.nanoTime();
    PostFilterResult result = postFilter(work, evaluation, state, pod, diagnosis);
    work.asked(Point.POST_FILTER, of(result.helps()), world.nanoTime() - begin);
    String nomination = result.nomination();
    if (nomination != null) {
      nominate(pod, nomination);
    }
    String message = result.message().isEmpty() ? refused : refused + " " + result.message();
    String nominated = nominations.nodeOf(pod);
    work.reports().failed(pod, "Unschedulable", message, nominated);
    note(
        work,
        queued,
        new Outcome.Unschedulable(message, nominated, result.victims()),
        diagnosis.refusals(),
        found);
    afterthoughts.add(pod);
    queue.waitForChange(queued, diagnosis.plugins());
    count(work, Result.UNSCHEDULABLE, queued);
  }

  private void note(
      ProfileWork work,
      QueuedPod queued,
      Outcome outcome,
      List<Refusal> refusals,
      @Nullable Table found) {
    int all = cluster.nodes().size();
    Attempt attempt = new Attempt(world.now(), queued.attempts(), outcome, all, refusals);
    work.decisions().note(queued.pod(), attempt, found);
  }

  private static Result of(boolean success) {
    return success ? Result.SCHEDULED : Result.UNSCHEDULABLE;
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
      PostFilterResult result =
          state.<PostFilterResult, RuntimeException>timed(
              Point.POST_FILTER,
              plugin,
              () -> plugin.postFilter(state, pod, diagnosis, evaluation));
      if (result.helps()) {
        return result;
      }
      messages.add(result.message());
      nomination = result.nomination() == null ? nomination : result.nomination();
    }
    return new PostFilterResult(false, String.join(", ", messages), nomination, List.of());
  }
}
