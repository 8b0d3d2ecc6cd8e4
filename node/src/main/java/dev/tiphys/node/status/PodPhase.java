package dev.tiphys.node.status;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.RestartPolicy;
import dev.tiphys.object.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a Pod is in its life, as the states of its containers say.
final class PodPhase {
  private PodPhase() {}

  /// @param stopped whether nothing of it will run again
  static String of(Pod pod, List<Struct> init, List<Struct> regular, boolean stopped) {
    int pendingInit = 0;
    int pendingSidecars = 0;
    boolean failedInit = false;
    for (PodContainer container : pod.initContainers()) {
      Struct status = named(init, container.name());
      if (container.isSidecar()) {
        if (status == null || !status.bool("started")) {
          pendingSidecars++;
        }
        continue;
      }
      Struct ended = ended(status);
      if (ended == null) {
        pendingInit++;
      } else if (ended.integer("exitCode") != 0) {
        failedInit = true;
      }
    }
    if (failedInit && pod.restartPolicy() == RestartPolicy.NEVER) {
      return "Failed";
    }
    Count count = Count.of(pod, regular);
    boolean everStarted = count.running + count.stopped > 0;
    if (pendingInit > 0 || (pendingSidecars > 0 && !everStarted) || count.waiting > 0) {
      return "Pending";
    }
    if (count.unknown > 0) {
      return "Pending";
    }
    if (count.running > 0) {
      return "Running";
    }
    if (count.stopped == 0) {
      return "Pending";
    }
    boolean allWell = count.stopped == count.succeeded;
    if (stopped) {
      return allWell ? "Succeeded" : "Failed";
    }
    return switch (pod.restartPolicy()) {
      case ALWAYS -> "Running";
      case ON_FAILURE -> allWell ? "Succeeded" : "Running";
      case NEVER -> allWell ? "Succeeded" : "Failed";
    };
  }

  private record Count(int unknown, int running, int waiting, int stopped, int succeeded) {
    static Count of(Pod pod, List<Struct> statuses) {
      int unknown = 0;
      int running = 0;
      int waiting = 0;
      int stopped = 0;
      int succeeded = 0;
      for (PodContainer container : pod.containers()) {
        Struct status = named(statuses, container.name());
        if (status == null) {
          unknown++;
        } else if (status.has("state", "running")) {
          running++;
        } else if (status.has("state", "terminated")) {
          stopped++;
          succeeded += status.integer("state", "terminated", "exitCode") == 0 ? 1 : 0;
        } else if (status.has("lastState", "terminated")) {
          stopped++;
        } else {
          waiting++;
        }
      }
      return new Count(unknown, running, waiting, stopped, succeeded);
    }
  }

  /// How an init container ended; null if it has not.
  private static @Nullable Struct ended(@Nullable Struct status) {
    if (status == null) {
      return null;
    }
    if (status.has("state", "terminated")) {
      return status.struct("state", "terminated");
    }
    boolean waits = status.has("state", "waiting") && status.has("lastState", "terminated");
    return waits ? status.struct("lastState", "terminated") : null;
  }

  private static @Nullable Struct named(List<Struct> statuses, String name) {
    for (Struct status : statuses) {
      if (status.string("name").equals(name)) {
        return status;
      }
    }
    return null;
  }
}
