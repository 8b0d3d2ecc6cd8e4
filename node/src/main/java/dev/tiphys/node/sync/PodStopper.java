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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Stops the containers of one Pod: the regular ones all at once, then the side cars one after the
/// other, the last one first.
///
/// Threads: the Pod's worker; [#shorten] any.
final class PodStopper {
  private static final System.Logger LOG = System.getLogger(PodStopper.class.getName());

  /// What a container always has after its hook, however long that took.
  private static final Duration LEAST = Duration.ofSeconds(2);

  private final Means means;
  private final Object lock = new Object();
  private final List<Task> waiting = new ArrayList<>();
  private @Nullable Duration shortest;
  private @Nullable Duration given;

  /// How long containers have; null for as long as each says itself.
  private record Limit(@Nullable Duration grace) {}

  private interface Stop {
    void run() throws InterruptedException;
  }

  PodStopper(Means means) {
    this.means = means;
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
    long start = means.world().nanoTime();
    stopTogether(pod, seen, regular, grace);
    List<String> order = pod.initContainers().stream().map(PodContainer::name).toList();
    sidecars.sort(
        (one, other) -> Integer.compare(order.indexOf(other.name()), order.indexOf(one.name())));
    for (Observed sidecar : sidecars) {
      Duration passed = Duration.ofNanos(means.world().nanoTime() - start);
      Duration left = grace == null ? null : longer(grace.minus(passed), Duration.ZERO);
      stopTogether(pod, seen, List.of(sidecar), left);
    }
    for (SandboxStatus sandbox : seen.sandboxes()) {
      means.runtime().stopSandbox(sandbox.sandbox().id());
    }
  }

  private void stopTogether(
      Pod pod, Observation seen, List<Observed> containers, @Nullable Duration grace)
      throws InterruptedException {
    boolean hooks = true;
    for (Limit limit = begin(grace); limit != null; limit = hurry(limit)) {
      List<Task> tasks = new ArrayList<>();
      for (Observed observed : containers) {
        Duration given = limit.grace == null ? graceOf(observed) : limit.grace;
        tasks.add(stopping(pod, seen, observed, given, hooks));
      }
      synchronized (lock) {
        waiting.addAll(tasks);
      }
      for (Task task : tasks) {
        task.join();
      }
      synchronized (lock) {
        waiting.removeAll(tasks);
      }
      hooks = false;
    }
  }

  private Task stopping(
      Pod pod, Observation seen, Observed observed, Duration grace, boolean hooks) {
    long cause = Cause.revision();
    return means
        .world()
        .start(
            "stop-" + pod.name() + "-" + observed.name(),
            () ->
                Cause.during(
                    cause,
                    () ->
                        stopQuietly(
                            observed,
                            () -> {
                              if (hooks) {
                                String message = "Stopping container " + observed.name();
                                stop(pod, seen, observed, message, grace);
                              } else {
                                means.runtime().stopContainer(observed.status().id(), grace);
                              }
                            })));
  }

  private Limit begin(@Nullable Duration grace) {
    synchronized (lock) {
      given =
          shortest != null && (grace == null || shortest.compareTo(grace) < 0) ? shortest : grace;
      return new Limit(given);
    }
  }

  /// The limit that holds now, if it is less than what those who are ending were given; else null.
  private @Nullable Limit hurry(Limit before) {
    synchronized (lock) {
      boolean less =
          shortest != null && (before.grace == null || shortest.compareTo(before.grace) < 0);
      given = less ? shortest : null;
      return less ? new Limit(shortest) : null;
    }
  }

  /// Gives those that are ending now less time than they were given at first.
  void shorten(Duration grace) {
    List<Task> hurried;
    synchronized (lock) {
      if (given != null && given.compareTo(grace) <= 0) {
        return;
      }
      shortest = grace;
      given = grace;
      hurried = List.copyOf(waiting);
    }
    hurried.forEach(Task::interrupt);
  }

  private static void stopQuietly(Observed observed, Stop stop) {
    try {
      stop.run();
    } catch (InterruptedException _) {
      // It is to hurry: who waits for it goes on with less time.
    } catch (RuntimeFailure e) {
      LOG.log(
          Level.WARNING,
          "a container was not stopped: container={0} error={1}",
          observed.status().id(),
          e.getMessage());
    }
  }

  /// Stops one container, its hook first.
  void stop(Pod pod, Observation seen, Observed observed, String message, Duration grace)
      throws InterruptedException {
    PodContainer container = pod.container(observed.name());
    Duration left = grace;
    if (container != null) {
      means.events().normal(pod, container, "Killing", message);
      Struct hook = container.spec().struct("lifecycle", "preStop");
      if (!hook.isEmpty() && !grace.isZero()) {
        left = runHook(pod, container, observed, seen, hook, grace);
      }
    }
    means.runtime().stopContainer(observed.status().id(), left);
  }

  /// Runs the hook, and returns how much time is left after it.
  private Duration runHook(
      Pod pod,
      PodContainer container,
      Observed observed,
      Observation seen,
      Struct hook,
      Duration grace)
      throws InterruptedException {
    long start = means.world().nanoTime();
    String address =
        seen.addresses().isEmpty()
            ? means.settings().addresses().getFirst()
            : seen.addresses().getFirst();
    Handler.Target target = new Handler.Target(container, observed.status().id(), address);
    String problem = means.handler().hook(hook, target, grace);
    if (problem != null) {
      means.events().warning(pod, container, "FailedPreStopHook", "PreStopHook failed");
    }
    Duration passed = Duration.ofNanos(means.world().nanoTime() - start);
    return longer(grace.minus(passed), LEAST);
  }

  /// What a container itself says of its grace, for those whose Pod is not known any more.
  private static Duration graceOf(Observed observed) {
    String seconds = observed.annotation(ContainerAnnotations.GRACE);
    return Duration.ofSeconds(seconds.matches("[0-9]{1,9}") ? Long.parseLong(seconds) : 0);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
