package dev.tiphys.node.sync;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Cause;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.Waiting;
import dev.tiphys.node.probes.PodProbes;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.Timer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Looks after one Pod, from when it is seen first until nothing of it is left.
///
/// Each round it observes the Pod's containers, tells the status that follows, and does what the
/// plan says; it goes on until there is nothing to do, and then waits for news: of the Pod's
/// object, of its containers, of its probes, or of the clock. What a round must do depends on the
/// Pod's [PodStage]. A round that fails is repeated until it succeeds.
///
/// Threads: its own task works; any may tell it of news.
final class PodWorker implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PodWorker.class.getName());
  private static final Duration RESYNC = Duration.ofSeconds(60);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /// How long containers have whose Pod is in the way.
  private static final Duration EVICTION_GRACE = Duration.ofSeconds(1);

  private final NodeContext node;
  private final String uid;
  private final Consumer<PodWorker> onGone;
  private final Gate news;
  private final PodProbes probes;
  private final PodReporter reporter;
  private final PodStopper stopper;
  private final PodApplier applier;
  private final Map<String, ContainerStatus> ended = new HashMap<>();
  private final Object lock = new Object();
  private final SupervisedTask task;

  private volatile Pod latest;
  private volatile boolean vanished;
  private final PodNews told;
  private volatile PodStage stage = PodStage.SYNCING;
  private Observation seen = Observation.NOTHING;
  private @Nullable TerminationReason reason;
  private volatile @Nullable TerminationReason evicted;
  private boolean interruptible;
  private boolean admitted;
  private boolean goesOn;
  private String lastFailure = "";
  private @Nullable Timer timer;

  /// @param vanished whether the Pod's object is gone already: then it is only cleared away
  /// @param onGone told when nothing is left of the Pod
  PodWorker(NodeContext node, Pod pod, boolean vanished, Consumer<PodWorker> onGone) {
    this.node = node;
    this.uid = pod.uid();
    this.latest = pod;
    this.vanished = vanished;
    this.told = new PodNews(node.world());
    this.onGone = onGone;
    this.news = node.world().background().gate();
    this.probes = new PodProbes(node.world(), node.handler(), node.events(), this::look);
    this.reporter = new PodReporter(node, probes);
    this.stopper = new PodStopper(node);
    this.applier = new PodApplier(node, stopper, this::look);
    this.news.open();
    String name = "pod-" + pod.namespace() + "-" + pod.name() + "-" + uid;
    this.task = node.world().supervisor().task(name, OnFailure.RESTART);
    task.start(this::run);
  }

  String uid() {
    return uid;
  }

  Pod pod() {
    return latest;
  }

  /// The Pod's object has changed.
  void update(Pod pod) {
    latest = pod;
    if (reporter.isEcho(pod)) {
      return;
    }
    told.tell("update");
    if (pod.isBeingDeleted()) {
      hurry();
      stopper.shorten(pod.grace());
    }
    look();
  }

  /// The Pod's object is gone.
  void vanish() {
    vanished = true;
    told.tell("kill");
    hurry();
    look();
  }

  /// Ends the Pod, as soon as its containers can. Returns whether it was to run until now.
  boolean evict(TerminationReason why) {
    if (stage != PodStage.SYNCING || evicted != null) {
      return false;
    }
    evicted = why;
    hurry();
    stopper.shorten(EVICTION_GRACE);
    look();
    return true;
  }

  /// Whether it was evicted, and what it has on the node is not given back yet.
  boolean isEvicting() {
    return evicted != null
        && (stage == PodStage.SYNCING
            || stage == PodStage.TERMINATING
            || stage == PodStage.RELEASING);
  }

  /// Something may have changed.
  void look() {
    news.open();
  }

  private void lookAfter(Duration span) {
    if (timer != null) {
      timer.cancel();
    }
    timer = node.world().background().schedule(span, this::look);
  }

  /// Ends what the worker waits for on the way to a Pod that is not wanted any more: images, hooks.
  /// Calls that change what is in the runtime are not cut short by it.
  private void hurry() {
    synchronized (lock) {
      if (interruptible) {
        task.interrupt();
      }
    }
  }

  private void run() throws InterruptedException {
    while (stage != PodStage.GONE) {
      news.await();
      PodNews.Acting acting = told.take();
      boolean goesOn = true;
      while (goesOn && !task.closed()) {
        goesOn = Cause.during(latest.meta().revision(), this::round);
      }
      node.metrics()
          .worked(
              stage == PodStage.TERMINATED ? "terminated" : acting.operation(),
              node.world().nanoTime() - acting.since());
    }
    onGone.accept(this);
  }

  /// One round. Returns whether another one has to follow at once.
  private boolean round() throws InterruptedException {
    try {
      PodStage.Event event =
          switch (stage) {
            case SYNCING -> sync();
            case TERMINATING -> terminate();
            case RELEASING -> release();
            case TERMINATED -> awaitObjectGone();
            case REMOVING -> remove();
            case GONE -> null;
          };
      lastFailure = "";
      if (event == null) {
        return goesOn;
      }
      stage = stage.after(event);
      return true;
    } catch (ApiException | RuntimeFailure | IOException e) {
      report(e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a pod was not synced: pod=" + latest.fullName(), e);
    }
    lookAfter(RETRY);
    return false;
  }

  /// What fails the same way round after round is a warning only once.
  private void report(Exception failure) {
    String text = String.valueOf(failure.getMessage());
    LOG.log(
        text.equals(lastFailure) ? Level.DEBUG : Level.WARNING,
        "a pod was not synced: pod={0} stage={1} error={2}",
        latest.fullName(),
        stage,
        failure instanceof IOException ? failure.toString() : text);
    lastFailure = text;
  }

  private PodStage.@Nullable Event sync() throws InterruptedException, IOException {
    goesOn = false;
    Pod pod = reporter.newest(latest);
    if (vanished || pod.isBeingDeleted() || pod.isTerminal()) {
      return PodStage.Event.FINISHED;
    }
    observe(pod);
    if (!admitted && !admit(pod)) {
      return PodStage.Event.REFUSED;
    }
    if (evicted != null) {
      reason = evicted;
      return PodStage.Event.FINISHED;
    }
    Instant now = node.world().now();
    Instant deadline = pod.deadline(startTime(pod, now));
    if (deadline != null && !deadline.isAfter(now)) {
      reason = TerminationReason.DEADLINE_EXCEEDED;
      return PodStage.Event.FINISHED;
    }
    PodPlan plan = PodPlanner.plan(pod, seen, probes, applier.backoffs(), now);
    reporter.reportBackoffs(pod, seen, plan.waiting().keySet());
    Map<String, Waiting> waiting = applier.postponed().reasons();
    waiting.putAll(plan.waiting());
    PodReporter.Reported reported = reporter.report(pod, seen, waiting);
    if (reported.over()) {
      return PodStage.Event.FINISHED;
    }
    if (apply(pod, plan)) {
      goesOn = true;
      return null;
    }
    Leftovers.thin(node, seen);
    applier.refresh(pod, seen);
    scheduleNextLook(plan, deadline, reported.written());
    return null;
  }

  /// Returns whether the Pod may run here.
  private boolean admit(Pod pod) {
    if (seen.sandboxes().isEmpty()) {
      Admission.Refusal refusal = node.admission().admit(pod);
      if (refusal != null) {
        reporter.reportRefusal(pod, seen, refusal);
        return false;
      }
    } else {
      node.admission().adopt(pod); // It was admitted before this agent began.
    }
    admitted = true;
    return true;
  }

  private boolean apply(Pod pod, PodPlan plan) throws InterruptedException {
    if (plan.actions().isEmpty()) {
      return false;
    }
    synchronized (lock) {
      interruptible = true;
    }
    try {
      // A deletion that came in before this could be interrupted has interrupted nothing.
      return latest.isBeingDeleted()
          || vanished
          || evicted != null
          || applier.apply(pod, seen, plan.actions());
    } catch (InterruptedException e) {
      if (task.closed()) {
        throw e;
      }
      return true;
    } finally {
      synchronized (lock) {
        interruptible = false;
      }
      if (!task.closed()) {
        boolean _ = Thread.interrupted();
      }
    }
  }

  private void observe(Pod pod) throws InterruptedException {
    seen = Observation.of(node.runtime(), uid, ended);
    String address =
        seen.addresses().isEmpty()
            ? node.settings().addresses().getFirst()
            : seen.addresses().getFirst();
    probes.update(pod, seen, address);
  }

  private static Instant startTime(Pod pod, Instant now) {
    Instant start = Timestamps.of(pod.status().get("startTime"));
    return start == null ? now : start;
  }

  /// Sets the clock for the next look.
  ///
  /// @param reported whether the API knows how the Pod is
  private void scheduleNextLook(PodPlan plan, @Nullable Instant deadline, boolean reported) {
    Instant now = node.world().now();
    Duration after = applier.postponed().next(now, reported ? RESYNC : RETRY);
    Instant refresh = seen.running().isEmpty() ? null : applier.nextRefresh();
    for (Instant due : new @Nullable Instant[] {plan.again(), deadline, refresh}) {
      if (due != null && Duration.between(now, due).compareTo(after) < 0) {
        after = Duration.between(now, due);
      }
    }
    lookAfter(after);
  }

  private PodStage.Event terminate() throws InterruptedException {
    Pod pod = reporter.newest(latest);
    probes.stopKilling();
    observe(pod);
    if (!vanished && !pod.isTerminal()) {
      PodReporter.Reported _ = reporter.report(pod, seen, applier.postponed().reasons());
    }
    // Containers of a Pod whose object is not known any more say themselves how long they take.
    stopper.stopAll(pod, seen, pod.spec().isEmpty() ? null : latest.grace());
    pod = reporter.newest(latest);
    observe(pod);
    boolean reportedBefore = pod.isTerminal() && seen.containers().isEmpty();
    if (!vanished && !reportedBefore) {
      reporter.reportEnd(pod, seen, reason);
    }
    return PodStage.Event.STOPPED;
  }

  private PodStage.Event release() throws InterruptedException, IOException {
    probes.close();
    Leftovers.release(node, latest, Observation.of(node.runtime(), uid, ended));
    return PodStage.Event.RELEASED;
  }

  private PodStage.@Nullable Event awaitObjectGone() {
    goesOn = false;
    if (vanished) {
      return PodStage.Event.OBJECT_GONE;
    }
    if (latest.isBeingDeleted()) {
      delete(latest);
    }
    return null;
  }

  private PodStage.Event remove() throws InterruptedException, IOException {
    Leftovers.remove(node, latest, Observation.of(node.runtime(), uid, ended));
    return PodStage.Event.REMOVED;
  }

  private void delete(Pod pod) {
    try {
      node.api()
          .delete(
              ApiResource.PODS, pod.namespace(), pod.name(), DeleteOptions.withGrace(0).ofUid(uid));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
  }

  /// What has to be closed for the worker to let go of the Pod.
  SupervisedTask task() {
    return task;
  }

  /// Lets go of the Pod, once its task is closed or ends by itself. What runs of it goes on.
  @Override
  public void close() {
    task.close();
    if (timer != null) {
      timer.cancel();
    }
    probes.close();
  }
}
