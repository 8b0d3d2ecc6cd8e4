package dev.tiphys.node.sync;

import dev.tiphys.client.ApiException;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Cause;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Reason;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.Waiting;
import dev.tiphys.node.probes.PodProbes;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.status.PodStatuses;
import dev.tiphys.node.status.StatusInputs;
import dev.tiphys.node.status.StatusWriter;
import dev.tiphys.node.status.TerminationMessages;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.world.Gate;
import dev.tiphys.world.Task;
import dev.tiphys.world.Timer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Looks after one Pod, from when it is seen first until nothing of it is left.
///
/// Each round it observes the Pod's containers, writes the status that follows, and does what the
/// plan says; it goes on until there is nothing to do, and then waits for news: of the Pod's
/// object, of its containers, of its probes, or of the clock.
///
/// Threads: its own task works; any may tell it of news.
final class PodWorker implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PodWorker.class.getName());
  private static final Duration RESYNC = Duration.ofSeconds(60);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Means means;
  private final String uid;
  private final Consumer<PodWorker> onGone;
  private final Gate news;
  private final StatusWriter writer;
  private final TerminationMessages messages;
  private final PodStopper stopper;
  private final PodApplier applier;
  private final PodProbes probes;
  private final Map<String, ContainerStatus> ended = new HashMap<>();
  private final Set<String> toldOfRest = new HashSet<>();
  private final Object lock = new Object();
  private final Task task;

  private volatile Pod latest;
  private volatile boolean vanished;
  private volatile boolean closed;
  private volatile PodState state = new PodState.Syncing();
  private volatile Observation seen = Observation.NOTHING;
  private boolean interruptible;
  private boolean admitted;
  private @Nullable Instant refreshed;
  private Struct shownOfPod = Struct.EMPTY;
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
    this.writer = new StatusWriter(means.api());
    this.messages = new TerminationMessages(means.world(), means.settings().directories());
    this.stopper = new PodStopper(means);
    this.applier = new PodApplier(means, stopper);
    this.probes = new PodProbes(means.world(), means.handler(), means.events(), this::look);
    this.news.open();
    this.task = means.world().start("pod-" + pod.namespace() + "-" + pod.name(), this::run);
  }

  String uid() {
    return uid;
  }

  Pod pod() {
    return latest;
  }

  /// What the runtime had of the Pod when the worker looked last.
  Observation seen() {
    return seen;
  }

  /// The Pod's object has changed.
  void update(Pod pod) {
    latest = pod;
    if (writer.isEcho(pod)) {
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
        case PodState.Terminating terminating -> terminate(terminating);
        case PodState.Terminated terminated -> clear(terminated);
        case PodState.Gone() -> false;
      };
    } catch (ApiException | RuntimeFailure | IOException e) {
      LOG.log(
          Level.WARNING,
          "a pod was not synced: pod={0} error={1}",
          latest.fullName(),
          e.getMessage());
      lookAfter(RETRY);
      return false;
    }
  }

  private boolean sync() throws InterruptedException, IOException {
    Pod pod = writer.newest(latest);
    if (vanished || pod.isBeingDeleted() || pod.isTerminal()) {
      state = new PodState.Terminating(null, null);
      return true;
    }
    if (!admitted && !admit(pod)) {
      return true;
    }
    Instant now = means.world().now();
    Instant deadline = pod.deadline(startTime(pod, now));
    if (deadline != null && !deadline.isAfter(now)) {
      state =
          new PodState.Terminating(
              null,
              new PodState.Why(
                  "DeadlineExceeded",
                  "Pod was active on the node longer than the specified deadline"));
      return true;
    }
    observe(pod);
    PodPlan plan = PodPlanner.plan(pod, seen, probes, applier.backoffs(), now);
    tellOfRests(pod, plan);
    Struct status = status(pod, plan.waiting(), false);
    boolean over = isTerminal(status);
    // A Pod has not ended before the last of its containers has, side cars included.
    boolean told =
        write(pod, over && !seen.running().isEmpty() ? status.with("phase", "Running") : status);
    if (over) {
      state = new PodState.Terminating(null, null);
      return true;
    }
    if (apply(pod, plan)) {
      return true;
    }
    Leftovers.thin(means, seen);
    refresh(pod, now);
    rest(plan, deadline, told);
    return false;
  }

  /// Brings volumes up to date: now and then, and when what they may show of the Pod has changed.
  private void refresh(Pod pod, Instant now) throws InterruptedException {
    boolean due =
        refreshed == null
            || !refreshed.plus(RESYNC).isAfter(now)
            || !shownOf(pod).equals(shownOfPod);
    if (due && !seen.running().isEmpty()) {
      refreshedNow(pod);
      applier.refresh(pod, seen);
    }
  }

  private void refreshedNow(Pod pod) {
    refreshed = means.world().now();
    shownOfPod = shownOf(pod);
  }

  private static Struct shownOf(Pod pod) {
    return Struct.of("labels", pod.meta().labels(), "annotations", pod.meta().annotations());
  }

  /// Returns whether the status is written. If the API can't be reached, containers are looked
  /// after all the same.
  private boolean write(Pod pod, Struct status) {
    try {
      writer.write(pod, status);
      return true;
    } catch (ApiException e) {
      LOG.log(
          Level.WARNING,
          "the status of a pod was not written: pod={0} error={1}",
          pod.fullName(),
          e.message());
      return false;
    }
  }

  private boolean admit(Pod pod) throws InterruptedException {
    observe(pod);
    if (!seen.sandboxes().isEmpty()) {
      means.admission().adopt(pod); // It was admitted before this agent began.
      admitted = true;
      return true;
    }
    Admission.Refusal refusal = means.admission().admit(pod);
    if (refusal == null) {
      admitted = true;
      return true;
    }
    means.events().warning(pod, refusal.reason(), refusal.message());
    writer.write(
        pod,
        PodStatuses.rejected(inputs(pod, Map.of(), true), refusal.reason(), refusal.message()));
    state = new PodState.Terminated(false);
    return false;
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
      if (latest.isBeingDeleted() || vanished) {
        return true;
      }
      boolean tried = applier.apply(pod, seen, plan.actions());
      if (tried && refreshed == null) {
        refreshedNow(pod); // Its volumes have just been made.
      }
      return tried;
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

  private Struct status(Pod pod, Map<String, Waiting> waiting, boolean stopped) {
    return PodStatuses.of(inputs(pod, waiting, stopped));
  }

  private StatusInputs inputs(Pod pod, Map<String, Waiting> waiting, boolean stopped) {
    Map<String, Waiting> all = applier.rests().reasons();
    all.putAll(waiting);
    return new StatusInputs(
        pod,
        seen,
        probes,
        all,
        ended -> messages.of(uid, ended),
        means.settings().addresses(),
        stopped,
        means.world().now());
  }

  private static Instant startTime(Pod pod, Instant now) {
    Instant start = Timestamps.of(pod.status().get("startTime"));
    return start == null ? now : start;
  }

  private static boolean isTerminal(Struct status) {
    return status.string("phase").equals("Succeeded") || status.string("phase").equals("Failed");
  }

  /// An event for each container that begins to rest.
  private void tellOfRests(Pod pod, PodPlan plan) {
    for (String name : plan.waiting().keySet()) {
      PodContainer container = pod.container(name);
      Observed last = seen.newest(name);
      if (container != null && last != null && toldOfRest.add(last.status().id())) {
        means
            .events()
            .warning(
                pod,
                container,
                "BackOff",
                "Back-off restarting failed container %s in pod %s"
                    .formatted(name, pod.fullName()));
      }
    }
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

  private void lookAfter(Duration span) {
    if (timer != null) {
      timer.cancel();
    }
    timer = means.world().background().schedule(span, this::look);
  }

  private boolean terminate(PodState.Terminating terminating) throws InterruptedException {
    Pod pod = writer.newest(latest);
    probes.stopKilling();
    observe(pod);
    if (!vanished && !pod.isTerminal()) {
      // Whatever ends it, it has not ended yet.
      Struct status = status(pod, Map.of(), false);
      write(pod, isTerminal(status) ? status.with("phase", "Running") : status);
    }
    boolean speaks = !pod.spec().isEmpty();
    stopper.stopAll(
        pod, seen, terminating.grace() == null && speaks ? latest.grace() : terminating.grace());
    pod = writer.newest(latest);
    observe(pod);
    if (!vanished) {
      writer.write(pod, end(pod, terminating.why()));
    }
    state = new PodState.Terminated(false);
    return true;
  }

  private Struct end(Pod pod, PodState.@Nullable Why why) {
    Struct status = status(pod, Map.of(), true);
    return why == null
        ? status
        : status
            .with("phase", "Failed")
            .with("reason", why.reason())
            .with("message", why.message());
  }

  private boolean clear(PodState.Terminated terminated) throws InterruptedException, IOException {
    if (!terminated.released()) {
      probes.close();
      Leftovers.release(means, latest);
      state = new PodState.Terminated(true);
    }
    if (vanished) {
      seen = Observation.of(means.runtime(), uid, ended);
      Leftovers.remove(means, latest, seen);
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
