package dev.tiphys.node.sync;

import dev.tiphys.client.Cause;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.probes.Handler;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.node.spec.ContainerAnnotations;
import dev.tiphys.object.Struct;
import dev.tiphys.world.Task;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Stops the containers of one Pod: the regular ones all at once, then the side cars one after the
/// other, the last one first.
///
/// Threads: the Pod's worker; [#shorten] any.
final class PodStopper {
  private static final System.Logger LOG = System.getLogger(PodStopper.class.getName());

  /// What a container always has after its hook, however long that took.
  private static final Duration LEAST = Duration.ofSeconds(2);

  private final NodeContext node;
  private final Object lock = new Object();
  private final Set<Stop> running = new HashSet<>();
  private @Nullable Duration shortest;

  /// The end of one container. Guarded by the lock.
  private static final class Stop {
    final Observed observed;
    final Duration grace;
    final Deque<Task> tasks = new ArrayDeque<>();
    boolean inHook;

    Stop(Observed observed, Duration grace) {
      this.observed = observed;
      this.grace = grace;
    }
  }

  PodStopper(NodeContext node) {
    this.node = node;
  }

  /// Stops all that runs, and returns when it has ended.
  ///
  /// @param grace how long they have; null for as long as each says itself
  void stopAll(Pod pod, Observation seen, @Nullable Duration grace) throws InterruptedException {
    List<Observed> regular = new ArrayList<>();
    List<Observed> sidecars = new ArrayList<>();
    for (Observed observed : seen.running()) {
      PodContainer container = pod.container(observed.name());
      (container != null && container.isSidecar() ? sidecars : regular).add(observed);
    }
    long start = node.world().nanoTime();
    stopTogether(pod, seen, regular, grace, "Stopping container %s");
    List<String> order = pod.initContainers().stream().map(PodContainer::name).toList();
    sidecars.sort(
        (one, other) -> Integer.compare(order.indexOf(other.name()), order.indexOf(one.name())));
    for (Observed sidecar : sidecars) {
      Duration passed = Duration.ofNanos(node.world().nanoTime() - start);
      Duration left = grace == null ? null : longer(grace.minus(passed), Duration.ZERO);
      stopTogether(pod, seen, List.of(sidecar), left, "Stopping container %s");
    }
    for (SandboxStatus sandbox : seen.sandboxes()) {
      node.runtime().stopSandbox(sandbox.sandbox().id());
    }
  }

  /// Stops one container, its hook first, and returns when it has ended.
  ///
  /// @param message what the event says
  void stop(Pod pod, Observation seen, Observed observed, String message, Duration grace)
      throws InterruptedException {
    stopTogether(pod, seen, List.of(observed), grace, message);
  }

  /// Gives those that are ending, and those that will have to, no more time than this.
  void shorten(Duration grace) {
    synchronized (lock) {
      if (shortest != null && shortest.compareTo(grace) <= 0) {
        return;
      }
      shortest = grace;
      for (Stop stop : running) {
        if (stop.grace.compareTo(grace) <= 0) {
          continue;
        }
        if (stop.inHook) {
          stop.tasks.forEach(Task::interrupt);
        } else {
          // The call that waits for the longer time returns as well when the container has ended.
          stop.tasks.add(
              start(stop, () -> node.runtime().stopContainer(stop.observed.status().id(), grace)));
        }
      }
    }
  }

  private void stopTogether(
      Pod pod,
      Observation seen,
      List<Observed> containers,
      @Nullable Duration grace,
      String message)
      throws InterruptedException {
    List<Stop> stops = new ArrayList<>();
    synchronized (lock) {
      for (Observed observed : containers) {
        Duration asked = grace == null ? graceOf(observed) : grace;
        Duration given = shortest == null ? asked : shorter(asked, shortest);
        Stop stop = new Stop(observed, given);
        stop.tasks.add(
            start(stop, () -> stop(pod, seen, stop, message.formatted(observed.name()))));
        running.add(stop);
        stops.add(stop);
      }
    }
    try {
      for (Stop stop : stops) {
        for (Task task = next(stop); task != null; task = next(stop)) {
          task.join();
        }
      }
    } finally {
      synchronized (lock) {
        running.removeAll(stops);
      }
    }
  }

  private @Nullable Task next(Stop stop) {
    synchronized (lock) {
      while (!stop.tasks.isEmpty() && stop.tasks.peek().done()) {
        stop.tasks.poll();
      }
      return stop.tasks.peek();
    }
  }

  private interface Body {
    void run() throws InterruptedException;
  }

  private Task start(Stop stop, Body body) {
    long cause = Cause.revision();
    return node.world()
        .start(
            "stop-" + stop.observed.name(),
            () -> Cause.during(cause, () -> reportingFailure(stop, body)));
  }

  private static void reportingFailure(Stop stop, Body body) {
    try {
      body.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeFailure e) {
      LOG.log(
          Level.WARNING,
          "a container was not stopped: container={0} error={1}",
          stop.observed.status().id(),
          e.getMessage());
    }
  }

  private void stop(Pod pod, Observation seen, Stop stop, String message)
      throws InterruptedException {
    Duration left = stop.grace;
    PodContainer container = pod.container(stop.observed.name());
    if (container != null) {
      node.events().normal(pod, container, "Killing", message);
      Struct hook = container.spec().struct("lifecycle", "preStop");
      if (!hook.isEmpty() && !left.isZero()) {
        left = runHook(pod, container, stop, seen, hook);
      }
    }
    if (pod.isBeingDeleted() && !left.isZero()) {
      node.guard().drain(pod.object());
    }
    node.runtime().stopContainer(stop.observed.status().id(), left);
  }

  /// Runs the hook, and returns how much time is left after it.
  private Duration runHook(
      Pod pod, PodContainer container, Stop stop, Observation seen, Struct hook) {
    long start = node.world().nanoTime();
    String address =
        seen.addresses().isEmpty()
            ? node.settings().addresses().getFirst()
            : seen.addresses().getFirst();
    Handler.Target target = new Handler.Target(container, stop.observed.status().id(), address);
    String problem = null;
    try {
      if (enterHook(stop)) {
        problem = node.handler().hook(hook, target, stop.grace);
      }
    } catch (InterruptedException e) {
      problem = "there is less time than there was";
    } finally {
      leaveHook(stop);
    }
    if (problem != null) {
      node.events().warning(pod, container, "FailedPreStopHook", "PreStopHook failed");
    }
    Duration passed = Duration.ofNanos(node.world().nanoTime() - start);
    Duration left = longer(stop.grace.minus(passed), LEAST);
    synchronized (lock) {
      return shortest == null ? left : shorter(left, shortest);
    }
  }

  /// Returns whether there is still as much time as when the stop began.
  private boolean enterHook(Stop stop) {
    synchronized (lock) {
      stop.inHook = shortest == null || stop.grace.compareTo(shortest) <= 0;
      return stop.inHook;
    }
  }

  /// From here on nothing interrupts the stop.
  private void leaveHook(Stop stop) {
    synchronized (lock) {
      stop.inHook = false;
      boolean _ = Thread.interrupted();
    }
  }

  /// What a container itself says of its grace, for those whose Pod is not known any more.
  private static Duration graceOf(Observed observed) {
    String seconds = observed.annotation(ContainerAnnotations.GRACE);
    return Duration.ofSeconds(seconds.matches("[0-9]{1,9}") ? Long.parseLong(seconds) : 0);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
