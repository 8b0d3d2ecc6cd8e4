package dev.tiphys.scheduler.queue;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.PodChanges;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.metrics.QueueMetrics;
import dev.tiphys.scheduler.queue.QueuedPod.Place;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The Pods that wait to be scheduled.
///
/// A Pod that fits nowhere waits until something happens that a plugin which refused it thinks may
/// help, or for five minutes at most; and, in any case, for a back-off that doubles from one second
/// to ten. The back-off is cut short when no other Pod waits for its turn, but not where something
/// went wrong: then the API may need the rest.
///
/// Threads: the scheduling task.
public final class SchedulingQueue {

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /// Upstream's word for what brings a Pod back that could not be placed.
  private static final String FAILURE = "ScheduleAttemptFailure";

  private final World world;
  private final Backoff backoff;
  private final QueueMetrics metrics;
  private final Runnable wake;
  private final Map<String, Hinting> hintings = new HashMap<>();
  private final Map<String, QueuedPod> pods = new HashMap<>();
  private final NavigableSet<QueuedPod> active;
  private final BackoffQueue backingOff;
  private final WaitingRoom waiting = new WaitingRoom();
  private final InFlight inFlight = new InFlight();
  private @Nullable Timer timer;
  private long timerDue;
  private long orders;

  /// @param profiles those whose Pods wait here; they have the same order of turns
  /// @param metrics told of each Pod that comes into a queue, and of each event
  /// @param wake called, on any thread, when a back-off has ended and [#pop] is worth a call
  public SchedulingQueue(
      World world,
      Collection<Profile> profiles,
      Backoff backoff,
      QueueMetrics metrics,
      Runnable wake) {
    this.world = world;
    this.backoff = backoff;
    this.metrics = metrics;
    this.wake = wake;
    profiles.forEach(
        profile -> hintings.put(profile.scheduler(), new Hinting(world, metrics, profile)));
    Comparator<QueuedPod> turns =
        Comparator.comparing(
            (QueuedPod queued) -> queued, profiles.iterator().next().queueSort().order()::compare);
    this.active = new TreeSet<>(turns.thenComparingLong(QueuedPod::order));
    this.backingOff = new BackoffQueue(backoff, turns);
  }

  private Hinting hinting(PodInfo pod) {
    return Objects.requireNonNull(hintings.get(pod.scheduler()));
  }

  /// Takes note of a new state of a Pod that runs nowhere yet.
  public void put(PodInfo pod) {
    QueuedPod queued = pods.get(pod.uid());
    if (queued == null) {
      queued = new QueuedPod(pod, orders++);
      pods.put(pod.uid(), queued);
      queued.queued = world.nanoTime();
      enterUnlessGated(queued, "PodAdd");
      return;
    }
    PodInfo before = queued.pod();
    Place place = queued.place;
    leave(queued);
    queued.pod(pod);
    enter(queued, place);
    Set<Action> changes = PodChanges.between(before, pod);
    if (!changes.isEmpty()) {
      changed(queued, new ClusterEvent.OfPod(changes, pod, before, null));
    }
  }

  private void changed(QueuedPod queued, ClusterEvent event) {
    switch (queued.place) {
      case TAKEN -> queued.own.add(event);
      case UNSCHEDULABLE, GATED -> {
        if (hinting(queued.pod()).mayHelp(event, queued.pod(), queued.plugins)) {
          retry(queued, event.label());
        }
      }
      case ACTIVE, BACKING_OFF, BACKING_OFF_AFTER_ERROR -> {}
    }
  }

  /// A Pod that waits; null if it does not.
  public @Nullable QueuedPod find(String uid) {
    return pods.get(uid);
  }

  /// Drops a Pod that is gone, or runs somewhere.
  public void remove(PodInfo pod) {
    QueuedPod queued = pods.remove(pod.uid());
    if (queued != null) {
      leave(queued);
      inFlight.remove(queued);
    }
  }

  /// Takes the Pod whose turn it is; null if none waits for its turn. The caller must say what
  /// became of it: [#remove], [#waitForChange] or [#waitForBackoff].
  public @Nullable QueuedPod pop() {
    endBackoffs();
    QueuedPod first = active.pollFirst();
    if (first == null) {
      first = backingOff.pollEarly();
    }
    if (first != null) {
      taken(first);
    }
    return first;
  }

  /// Takes a Pod out of its turn, as [#pop] does those whose turn it is; null if it does not wait,
  /// or is held back.
  public @Nullable QueuedPod take(String uid) {
    QueuedPod queued = pods.get(uid);
    if (queued == null || queued.place == Place.TAKEN) {
      return null;
    }
    leave(queued);
    enterUnlessGated(queued, "PodGroupTurn");
    if (queued.place == Place.GATED) {
      return null;
    }
    leave(queued);
    taken(queued);
    return queued;
  }

  private void taken(QueuedPod queued) {
    queued.place = Place.TAKEN;
    queued.taken = world.nanoTime();
    queued.attempts++;
    inFlight.add(queued);
  }

  /// Takes note that a Pod is past the point where plugins may refuse it: what happens from now on
  /// is not remembered for it.
  public void permitted(QueuedPod queued) {
    inFlight.remove(queued);
  }

  /// Lets a Pod that fits nowhere wait until something changes; only for the back-off if something
  /// has that may help, since it was taken.
  ///
  /// @param refusing the plugins that refused it; none if anything may help
  public void waitForChange(QueuedPod queued, Set<String> refusing) {
    if (!isTaken(queued)) {
      return;
    }
    queued.plugins = Set.copyOf(refusing);
    queued.refusals++;
    queued.errors = 0;
    fail(queued);
    Hinting hinting = hinting(queued.pod());
    boolean helped =
        inFlight.helped(
            queued,
            event ->
                !isOwnPlacement(event, queued)
                    && hinting.mayHelp(event, queued.pod(), queued.plugins));
    inFlight.remove(queued);
    if (helped) {
      retry(queued, FAILURE);
    } else {
      arrive(queued, Place.UNSCHEDULABLE, FAILURE);
    }
  }

  /// Whether an event only tells that the Pod itself was given a node, or has lost it.
  private static boolean isOwnPlacement(ClusterEvent event, QueuedPod queued) {
    return event instanceof ClusterEvent.OfPod(var _, var pod, var _, var node)
        && node != null
        && pod.uid().equals(queued.pod().uid());
  }

  /// Lets a Pod wait a while, as something went wrong.
  public void waitForBackoff(QueuedPod queued) {
    if (isTaken(queued)) {
      queued.errors++;
      fail(queued);
      inFlight.remove(queued);
      arrive(queued, Place.BACKING_OFF_AFTER_ERROR, FAILURE);
    }
  }

  /// Lets a Pod have another turn at once: it was tried with a state that has changed meanwhile.
  public void tryAgain(QueuedPod queued) {
    if (isTaken(queued)) {
      inFlight.remove(queued);
      enterUnlessGated(queued, FAILURE);
    }
  }

  /// Whether a Pod is still being scheduled: false if it is gone, or runs somewhere.
  public boolean isTaken(QueuedPod queued) {
    return queued.place == Place.TAKEN && pods.get(queued.pod().uid()) == queued;
  }

  private void fail(QueuedPod queued) {
    queued.failed = world.nanoTime();
    queued.queued = queued.failed;
    queued.flushed = false;
  }

  /// Lets those Pods be tried again that an event may help.
  public void onEvent(ClusterEvent event) {
    long begin = world.nanoTime();
    inFlight.note(event);
    if (!waiting.isEmpty()) {
      retryAll(
          waiting.ofGroups(one -> hinting(one.pod()).mayHelp(event, one.pod(), one.plugins)),
          event.label());
    }
    metrics.handled(event.label(), world.nanoTime() - begin);
  }

  /// Lets a Pod have its turn at once, whatever it waits for.
  public void activate(PodInfo pod) {
    QueuedPod queued = pods.get(pod.uid());
    if (queued != null && queued.place != Place.TAKEN && queued.place != Place.ACTIVE) {
      leave(queued);
      enterUnlessGated(queued, "ForceActivate");
    }
  }

  /// Lets those Pods be tried again that have waited for five minutes.
  public void retryLongWaiting() {
    long now = world.nanoTime();
    List<QueuedPod> flushed =
        waiting.all().stream()
            .filter(queued -> now - queued.failed >= LONGEST_WAIT.toNanos())
            .toList();
    flushed.forEach(queued -> queued.flushed = true);
    retryAll(flushed, "UnschedulableTimeout");
  }

  private void retryAll(List<QueuedPod> some, String event) {
    some.forEach(queued -> retry(queued, event));
  }

  private void retry(QueuedPod queued, String event) {
    leave(queued);
    if (backoff.end(queued) <= world.nanoTime()) {
      enterUnlessGated(queued, event);
    } else {
      String gate = hinting(queued.pod()).gate(queued.pod());
      arrive(queued, gate, Place.BACKING_OFF, event);
    }
  }

  private void enterUnlessGated(QueuedPod queued, String event) {
    boolean wasGated = queued.place == Place.GATED && queued.attempts == 0;
    String gate = hinting(queued.pod()).gate(queued.pod());
    if (gate == null && wasGated) {
      queued.queued = world.nanoTime();
      queued.entered = queued.queued;
    }
    arrive(queued, gate, Place.ACTIVE, event);
  }

  /// @param gate the plugin that holds the Pod back; null if none does
  private void arrive(QueuedPod queued, @Nullable String gate, Place otherwise, String event) {
    if (gate == null) {
      arrive(queued, otherwise, event);
    } else {
      queued.plugins = Set.of(gate);
      arrive(queued, Place.GATED, event);
    }
  }

  private void arrive(QueuedPod queued, Place place, String event) {
    metrics.arrived(place.metric(), event);
    enter(queued, place);
  }

  private void endBackoffs() {
    long now = world.nanoTime();
    backingOff.pollEnded(now).forEach(queued -> arrive(queued, Place.ACTIVE, "BackoffComplete"));
    awaitNextBackoff(now);
  }

  private void awaitNextBackoff(long now) {
    long due = backingOff.firstEnd();
    if (due == Long.MAX_VALUE || (timer != null && timerDue > now && timerDue <= due)) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    timerDue = due;
    timer = world.schedule(Duration.ofNanos(Math.max(0, due - now)), wake);
  }

  private void enter(QueuedPod queued, Place place) {
    queued.place = place;
    switch (place) {
      case ACTIVE -> active.add(queued);
      case BACKING_OFF, BACKING_OFF_AFTER_ERROR -> {
        backingOff.add(queued);
        awaitNextBackoff(world.nanoTime());
      }
      case UNSCHEDULABLE, GATED -> waiting.add(queued);
      case TAKEN -> {}
    }
  }

  private void leave(QueuedPod queued) {
    switch (queued.place) {
      case ACTIVE -> active.remove(queued);
      case BACKING_OFF, BACKING_OFF_AFTER_ERROR -> backingOff.remove(queued);
      case UNSCHEDULABLE, GATED -> waiting.remove(queued);
      case TAKEN -> {}
    }
  }

  /// How many Pods wait for their turn, for a back-off to end, for a change, and for what holds
  /// them back, by upstream's names of these queues.
  public Map<String, Integer> pending() {
    Map<String, Integer> pending = new TreeMap<>();
    for (String name : List.of("active", "backoff", "gated", "unschedulable")) {
      pending.put(name, 0);
    }
    pods.values().stream()
        .filter(queued -> queued.place != Place.TAKEN)
        .forEach(queued -> pending.merge(queued.place.metric(), 1, Integer::sum));
    return pending;
  }

  /// What is remembered for Pods that are being scheduled, by upstream's names, and how many these
  /// are.
  public Map<String, Integer> inFlight() {
    return inFlight.amounts();
  }

  /// How many Pods each plugin keeps waiting, by `plugin="…",profile="…"`.
  public Map<String, Integer> refused() {
    Map<String, Integer> refused = new TreeMap<>();
    for (QueuedPod queued : waiting.all()) {
      for (String plugin : queued.plugins) {
        String labels = "plugin=\"" + plugin + "\",profile=\"" + queued.pod().scheduler() + "\"";
        refused.merge(labels, 1, Integer::sum);
      }
    }
    return refused;
  }

  /// How many Pods wait, wherever.
  public int size() {
    return pods.size();
  }

  public void close() {
    if (timer != null) {
      timer.cancel();
    }
  }
}
