package dev.tiphys.node.sync;

import dev.tiphys.client.ApiException;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Cause;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Reason;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.Waiting;
import dev.tiphys.node.probes.PodProbes;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.object.Timestamps;
import dev.tiphys.world.Gate;
import dev.tiphys.world.Task;
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
/// object, of its containers, of its probes, or of the clock.
///
/// Threads: its own task works; any may tell it of news.
final class PodWorker implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PodWorker.class.getName());
  private static final Duration RESYNC = Duration.ofSeconds(60);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final PodState.Why DEADLINE =
      new PodState.Why(
          "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");

  private final Means means;
  private final String uid;
  private final Consumer<PodWorker> onGone;
  private final Gate news;
  private final PodProbes probes;
  private final PodReporter reporter;
  private final PodStopper stopper;
  private final PodApplier applier;
  private final Map<String, ContainerStatus> ended = new HashMap<>();
  private final Object lock = new Object();
  private final Task task;

  private volatile Pod latest;
  private volatile boolean vanished;
  private volatile boolean closed;
  private volatile PodState state = new PodState.Syncing();
  private volatile Observation seen = Observation.NOTHING;
  private boolean interruptible;
  private boolean admitted;
  private @Nullable Timer timer;

  /// @param vanished whether the Pod's object is gone already: then it is only cleared away
  /// @param onGone told when nothing is left of the Pod
  PodWorker(Means means, Pod pod, boolean vanished, Consumer<PodWorker> onGone) {
    this.means = means;
    this.uid = pod.uid();
    this.latest = pod;
    this.vanished = vanished;
    this.onGone = onGone;
    this.news = means.world().background().gate();
    this.probes = new PodProbes(means.world(), means.handler(), means.events(), this::look);
    this.reporter = new PodReporter(means, probes);
    this.stopper = new PodStopper(means);
    this.applier = new PodApplier(means, stopper);
    this.news.open();
    this.task = means.world().start("pod-" + pod.namespace() + "-" + pod.name(), this::run);
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
    if (pod.isBeingDeleted()) {
      hurry();
      if (state instanceof PodState.Terminating) {
        stopper.shorten(pod.grace());
      }
    }
    look();
  }

  /// The Pod's object is gone.
  void vanish() {
    vanished = true;
    hurry();
    look();
  }

  /// Something may have changed.
  void look() {
    news.open();
  }

  private void lookAfter(Duration span) {
    if (timer != null) {
      timer.cancel();
    }
    timer = means.world().background().schedule(span, this::look);
  }

  /// Ends what the worker waits for on the way to a Pod that is not wanted any more.
  private void hurry() {
    synchronized (lock) {
      if (interruptible) {
        task.interrupt();
      }
    }
  }

  private void run() {
    try {
      while (!closed && !(state instanceof PodState.Gone)) {
        news.await();
        boolean goesOn = true;
        while (goesOn && !closed) {
          goesOn = Cause.during(latest.meta().revision(), this::step);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// One round. Returns whether another one has to follow at once.
  private boolean step() throws InterruptedException {
    try {
      return switch (state) {
        case PodState.Syncing() -> sync();
        case PodState.Terminating(var why) -> terminate(why);
        case PodState.Terminated(boolean released) -> clear(released);
        case PodState.Gone() -> false;
      };
    } catch (ApiException | RuntimeFailure | IOException e) {
      LOG.log(
          Level.WARNING,
          "a pod was not synced: pod={0} error={1}",
          latest.fullName(),
          e.getMessage());
    } catch (RuntimeException e) {
      // One Pod that nobody thought of must not be left alone for that.
      LOG.log(Level.ERROR, "a pod was not synced: pod=" + latest.fullName(), e);
    }
    lookAfter(RETRY);
    return false;
  }

  private boolean sync() throws InterruptedException, IOException {
    Pod pod = reporter.newest(latest);
    if (vanished || pod.isBeingDeleted() || pod.isTerminal()) {
      state = new PodState.Terminating(null);
      return true;
    }
    observe(pod);
    if (!admitted && !admit(pod)) {
      state = new PodState.Terminated(false);
      return true;
    }
    Instant now = means.world().now();
    Instant deadline = pod.deadline(startTime(pod, now));
    if (deadline != null && !deadline.isAfter(now)) {
      state = new PodState.Terminating(DEADLINE);
      return true;
    }
    PodPlan plan = PodPlanner.plan(pod, seen, probes, applier.backoffs(), now);
    reporter.tellOfRests(pod, seen, plan.waiting().keySet());
    Map<String, Waiting> waiting = applier.rests().reasons();
    waiting.putAll(plan.waiting());
    PodReporter.Told told = reporter.tell(pod, seen, waiting);
    if (told.over()) {
      state = new PodState.Terminating(null);
      return true;
    }
    if (apply(pod, plan)) {
      return true;
    }
    Leftovers.thin(means, seen);
    applier.refresh(pod, seen);
    rest(plan, deadline, told.written());
    return false;
  }

  /// Returns whether the Pod may run here.
  private boolean admit(Pod pod) {
    if (seen.sandboxes().isEmpty()) {
      Admission.Refusal refusal = means.admission().admit(pod);
      if (refusal != null) {
        reporter.tellRefusal(pod, seen, refusal);
        return false;
      }
    } else {
      means.admission().adopt(pod); // It was admitted before this agent began.
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
      // A deletion may have come in before anybody could interrupt.
      return latest.isBeingDeleted() || vanished || applier.apply(pod, seen, plan.actions());
    } catch (InterruptedException e) {
      if (closed) {
        throw e;
      }
      return true;
    } finally {
      synchronized (lock) {
        interruptible = false;
      }
      if (!closed) {
        Thread.interrupted();
      }
    }
  }

  private void observe(Pod pod) throws InterruptedException {
    seen = Observation.of(means.runtime(), uid, ended);
    String address =
        seen.addresses().isEmpty()
            ? means.settings().addresses().getFirst()
            : seen.addresses().getFirst();
    probes.update(pod, seen, address);
  }

  private static Instant startTime(Pod pod, Instant now) {
    Instant start = Timestamps.of(pod.status().get("startTime"));
    return start == null ? now : start;
  }

  /// Sets the clock for the next look.
  ///
  /// @param told whether the API knows how the Pod is
  private void rest(PodPlan plan, @Nullable Instant deadline, boolean told) {
    Instant now = means.world().now();
    Duration after = applier.rests().next(now, told ? RESYNC : RETRY);
    for (Instant due : new @Nullable Instant[] {plan.again(), deadline}) {
      if (due != null && Duration.between(now, due).compareTo(after) < 0) {
        after = Duration.between(now, due);
      }
    }
    lookAfter(after);
  }

  private boolean terminate(PodState.@Nullable Why why) throws InterruptedException {
    Pod pod = reporter.newest(latest);
    probes.stopKilling();
    observe(pod);
    if (!vanished && !pod.isTerminal()) {
      PodReporter.Told _ = reporter.tell(pod, seen, applier.rests().reasons());
    }
    // What is left of a Pod that nobody knows any more says itself how long it takes.
    stopper.stopAll(pod, seen, pod.spec().isEmpty() ? null : latest.grace());
    pod = reporter.newest(latest);
    observe(pod);
    boolean toldBefore = pod.isTerminal() && seen.containers().isEmpty();
    if (!vanished && !toldBefore) {
      reporter.tellEnd(pod, seen, why);
    }
    state = new PodState.Terminated(false);
    return true;
  }

  private boolean clear(boolean released) throws InterruptedException, IOException {
    if (!released) {
      probes.close();
      Leftovers.release(means, latest);
      state = new PodState.Terminated(true);
    }
    if (vanished) {
      Leftovers.remove(means, latest, Observation.of(means.runtime(), uid, ended));
      state = new PodState.Gone();
      close();
      onGone.accept(this);
    } else if (latest.isBeingDeleted()) {
      delete(latest);
    }
    return false;
  }

  private void delete(Pod pod) {
    try {
      means
          .api()
          .delete(
              ApiResource.PODS, pod.namespace(), pod.name(), DeleteOptions.withGrace(0).ofUid(uid));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
  }

  /// Lets go of the Pod. What runs of it goes on.
  @Override
  public void close() {
    closed = true;
    if (timer != null) {
      timer.cancel();
    }
    probes.close();
    if (!(state instanceof PodState.Gone)) {
      task.interrupt();
    }
  }
}
