package dev.tiphys.scheduler.queue;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.ClusterEvent;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.queue.QueuedPod.Place;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// The Pods that wait to be scheduled. The one of highest priority has its turn first, then the one
/// that waits longest.
///
/// A Pod that fits nowhere waits until something happens that a plugin which refused it thinks may
/// help, or for five minutes at most; and, in any case, for a back-off that doubles from one second
/// to ten.
///
/// Threads: the scheduling task.
public final class SchedulingQueue {

  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final World world;
  private final Map<String, FilterPlugin> plugins = new HashMap<>();
  private final Runnable wake;
  private final Map<String, QueuedPod> pods = new HashMap<>();
  private final NavigableSet<QueuedPod> active =
      new TreeSet<>(
          Comparator.comparingLong((QueuedPod queued) -> -queued.pod().priority())
              .thenComparingLong(queued -> queued.queued)
              .thenComparingLong(QueuedPod::order));
  private final NavigableSet<QueuedPod> backingOff =
      new TreeSet<>(
          Comparator.comparingLong(SchedulingQueue::backoffEnd)
              .thenComparingLong(QueuedPod::order));

  /// Pods that wait for a change, by what decides whether one may help: there are few groups even
  /// where there are many Pods.
  private final Map<Group, Set<QueuedPod>> unschedulable = new HashMap<>();

  private @Nullable Timer timer;
  private long timerDue;
  private long orders;

  private record Group(long template, Set<String> plugins) {
    static Group of(QueuedPod queued) {
      return new Group(queued.pod().template().id(), queued.plugins);
    }
  }

  /// @param wake called, on any thread, when a back-off has ended and [#pop] is worth a call
  public SchedulingQueue(World world, List<FilterPlugin> plugins, Runnable wake) {
    this.world = world;
    this.wake = wake;
    plugins.forEach(plugin -> this.plugins.put(plugin.name(), plugin));
  }

  /// Takes note of a new state of a Pod that runs nowhere yet.
  public void put(PodInfo pod) {
    QueuedPod queued = pods.get(pod.uid());
    if (queued == null) {
      queued = new QueuedPod(pod, orders++);
      pods.put(pod.uid(), queued);
      queued.queued = world.nanoTime();
      enter(queued, pod.gates().isEmpty() ? Place.ACTIVE : Place.GATED);
      return;
    }
    Place place = queued.place;
    boolean asksSomethingElse = queued.pod().template() != pod.template();
    leave(queued);
    queued.pod(pod);
    if (place == Place.GATED && pod.gates().isEmpty()) {
      queued.queued = world.nanoTime();
      enter(queued, Place.ACTIVE);
    } else if (place == Place.UNSCHEDULABLE && asksSomethingElse) {
      retry(queued);
    } else {
      enter(queued, place);
    }
  }

  public boolean knows(PodInfo pod) {
    return pods.containsKey(pod.uid());
  }

  /// Drops a Pod that is gone, or runs somewhere.
  public void remove(PodInfo pod) {
    QueuedPod queued = pods.remove(pod.uid());
    if (queued != null) {
      leave(queued);
    }
  }

  /// Takes the Pod whose turn it is; null if none waits for its turn. The caller must say what
  /// became of it: [#remove], [#waitForChange] or [#waitForBackoff].
  public @Nullable QueuedPod pop() {
    endBackoffs();
    QueuedPod first = active.pollFirst();
    if (first != null) {
      first.place = Place.TAKEN;
      first.attempts++;
    }
    return first;
  }

  /// Lets a Pod that fits nowhere wait until something changes.
  ///
  /// @param refusing the plugins that refused it; none if anything may help
  public void waitForChange(QueuedPod queued, Set<String> refusing) {
    if (isTaken(queued)) {
      queued.plugins = Set.copyOf(refusing);
      fail(queued, Place.UNSCHEDULABLE);
    }
  }

  /// Lets a Pod that failed for another reason wait a while.
  public void waitForBackoff(QueuedPod queued) {
    if (isTaken(queued)) {
      fail(queued, Place.BACKING_OFF);
    }
  }

  private boolean isTaken(QueuedPod queued) {
    return queued.place == Place.TAKEN && pods.get(queued.pod().uid()) == queued;
  }

  private void fail(QueuedPod queued, Place place) {
    queued.failed = world.nanoTime();
    queued.queued = queued.failed;
    enter(queued, place);
  }

  /// Lets those Pods be tried again that an event may help.
  public void onEvent(ClusterEvent event) {
    if (!unschedulable.isEmpty()) {
      retryGroups((group, pods) -> mayHelp(event, group, pods.iterator().next()));
    }
  }

  private boolean mayHelp(ClusterEvent event, Group group, QueuedPod one) {
    if (group.plugins.isEmpty()) {
      return true;
    }
    for (String name : group.plugins) {
      FilterPlugin plugin = plugins.get(name);
      if (plugin == null || plugin.mayHelp(event, one.pod().template())) {
        return true;
      }
    }
    return false;
  }

  /// Lets those Pods be tried again that a plugin has refused.
  public void retryRefusedBy(String plugin) {
    retryGroups((group, _) -> group.plugins.contains(plugin));
  }

  private void retryGroups(BiPredicate<Group, Set<QueuedPod>> which) {
    List<QueuedPod> some = new ArrayList<>();
    unschedulable.forEach(
        (group, waiting) -> {
          if (which.test(group, waiting)) {
            some.addAll(waiting);
          }
        });
    retryAll(some);
  }

  /// Lets those Pods be tried again that have waited for five minutes.
  public void retryLongWaiting() {
    long now = world.nanoTime();
    retryAll(
        unschedulable.values().stream()
            .flatMap(Set::stream)
            .filter(queued -> now - queued.failed >= LONGEST_WAIT.toNanos())
            .toList());
  }

  private void retryAll(List<QueuedPod> some) {
    some.forEach(
        queued -> {
          leave(queued);
          retry(queued);
        });
  }

  private void retry(QueuedPod queued) {
    enter(queued, backoffEnd(queued) > world.nanoTime() ? Place.BACKING_OFF : Place.ACTIVE);
  }

  private static long backoffEnd(QueuedPod queued) {
    int doublings = Math.min(Math.max(0, queued.attempts - 1), 10);
    long span = FIRST_BACKOFF.toNanos() << doublings;
    return queued.attempts == 0 ? 0 : queued.failed + Math.min(span, LONGEST_BACKOFF.toNanos());
  }

  private void endBackoffs() {
    long now = world.nanoTime();
    while (!backingOff.isEmpty() && backoffEnd(backingOff.first()) <= now) {
      enter(backingOff.removeFirst(), Place.ACTIVE);
    }
    awaitNextBackoff(now);
  }

  private void awaitNextBackoff(long now) {
    if (backingOff.isEmpty()) {
      return;
    }
    long due = backoffEnd(backingOff.first());
    if (timer != null && timerDue > now && timerDue <= due) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    timerDue = due;
    timer = world.schedule(Duration.ofNanos(due - now), wake);
  }

  private void enter(QueuedPod queued, Place place) {
    queued.place = place;
    switch (place) {
      case ACTIVE -> active.add(queued);
      case BACKING_OFF -> {
        backingOff.add(queued);
        awaitNextBackoff(world.nanoTime());
      }
      case UNSCHEDULABLE ->
          unschedulable.computeIfAbsent(Group.of(queued), _ -> new LinkedHashSet<>()).add(queued);
      case GATED, TAKEN -> {}
    }
  }

  private void leave(QueuedPod queued) {
    switch (queued.place) {
      case ACTIVE -> active.remove(queued);
      case BACKING_OFF -> backingOff.remove(queued);
      case UNSCHEDULABLE ->
          unschedulable.computeIfPresent(
              Group.of(queued),
              (_, waiting) -> {
                waiting.remove(queued);
                return waiting.isEmpty() ? null : waiting;
              });
      case GATED, TAKEN -> {}
    }
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
