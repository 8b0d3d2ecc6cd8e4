package dev.tiphys.apiserver.table;

import dev.tiphys.object.HumanDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the columns of Pods show.
public final class PodCells {

  private PodCells() {}

  private static Map<String, Struct> statuses(Struct pod, String list) {
    Map<String, Struct> byName = new HashMap<>();
    pod.structs("status", list).forEach(status -> byName.put(status.string("name"), status));
    return byName;
  }

  private static boolean isSidecar(Struct container) {
    return container.string("restartPolicy").equals("Always");
  }

  /// How many containers are ready, of how many: `1/2`.
  public static String ready(Struct pod) {
    long total = pod.list("spec", "containers").size();
    long ready = 0;
    Map<String, Struct> initial = statuses(pod, "initContainerStatuses");
    for (Struct container : pod.structs("spec", "initContainers")) {
      if (isSidecar(container)) {
        total++;
        Struct status = initial.getOrDefault(container.string("name"), Struct.EMPTY);
        ready += status.bool("ready") && status.bool("started") ? 1 : 0;
      }
    }
    for (Struct status : pod.structs("status", "containerStatuses")) {
      ready += status.bool("ready") && status.struct("state").has("running") ? 1 : 0;
    }
    return ready + "/" + total;
  }

  /// Phase, or what keeps the Pod from running: `Running`, `CrashLoopBackOff`.
  public static String status(Struct pod) {
    String reason = phaseOrReason(pod);
    String waitsFor = initializing(pod);
    if (waitsFor != null) {
      reason = waitsFor;
    }
    if (waitsFor == null || Meta.isTrue(pod, "Initialized")) {
      reason = running(pod, reason);
    }
    if (Meta.of(pod).isBeingDeleted()) {
      String phase = pod.string("status", "phase");
      if (pod.string("status", "reason").equals("NodeLost")) {
        return "Unknown";
      }
      return phase.equals("Succeeded") || phase.equals("Failed") ? reason : "Terminating";
    }
    return reason;
  }

  private static String phaseOrReason(Struct pod) {
    Struct scheduled = Meta.condition(pod, "PodScheduled");
    if (scheduled != null && scheduled.string("reason").equals("SchedulingGated")) {
      return "SchedulingGated";
    }
    String reason = pod.string("status", "reason");
    return reason.isEmpty() ? pod.string("status", "phase") : reason;
  }

  /// What the first init container that is not done is at; null if all are done.
  private static @Nullable String initializing(Struct pod) {
    List<Struct> containers = pod.structs("spec", "initContainers");
    Map<String, Struct> statuses = statuses(pod, "initContainerStatuses");
    for (int i = 0; i < containers.size(); i++) {
      Struct status = statuses.get(containers.get(i).string("name"));
      if (status == null) {
        continue;
      }
      Struct state = status.struct("state");
      Struct terminated = state.struct("terminated");
      if (state.has("terminated") && terminated.integer("exitCode") == 0) {
        continue;
      }
      if (isSidecar(containers.get(i)) && status.bool("started")) {
        continue;
      }
      if (state.has("terminated")) {
        String reason = terminated.string("reason");
        return "Init:" + (reason.isEmpty() ? exit(terminated) : reason);
      }
      String waiting = state.struct("waiting").string("reason");
      return waiting.isEmpty() || waiting.equals("PodInitializing")
          ? "Init:" + i + "/" + containers.size()
          : "Init:" + waiting;
    }
    return null;
  }

  private static String exit(Struct terminated) {
    long signal = terminated.integer("signal");
    return signal != 0 ? "Signal:" + signal : "ExitCode:" + terminated.integer("exitCode");
  }

  private static String running(Struct pod, String start) {
    String reason = start;
    boolean runs = false;
    List<Struct> statuses = pod.structs("status", "containerStatuses");
    for (int i = statuses.size() - 1; i >= 0; i--) {
      Struct state = statuses.get(i).struct("state");
      Struct terminated = state.struct("terminated");
      String waiting = state.struct("waiting").string("reason");
      if (!waiting.isEmpty()) {
        reason = waiting;
      } else if (state.has("terminated")) {
        String ended = terminated.string("reason");
        reason = ended.isEmpty() ? exit(terminated) : ended;
      } else if (statuses.get(i).bool("ready") && state.has("running")) {
        runs = true;
      }
    }
    if (reason.equals("Completed") && runs) {
      return Meta.isTrue(pod, "Ready") ? "Running" : "NotReady";
    }
    return reason;
  }

  /// How many times containers were started again, and when last: `2 (5m ago)`.
  public static String restarts(Struct pod, Instant now) {
    boolean initializing = initializing(pod) != null && !Meta.isTrue(pod, "Initialized");
    long count = 0;
    Instant last = null;
    Map<String, Struct> initial = statuses(pod, "initContainerStatuses");
    for (Struct container : pod.structs("spec", "initContainers")) {
      Struct status = initial.get(container.string("name"));
      if (status != null && (initializing || isSidecar(container))) {
        count += status.integer("restartCount");
        last = later(last, status);
      }
    }
    if (!initializing) {
      for (Struct status : pod.structs("status", "containerStatuses")) {
        count += status.integer("restartCount");
        last = later(last, status);
      }
    }
    return count > 0 && last != null
        ? count + " (" + HumanDuration.of(Duration.between(last, now)) + " ago)"
        : Long.toString(count);
  }

  private static @Nullable Instant later(@Nullable Instant known, Struct status) {
    Instant ended = Timestamps.of(status.get("lastState", "terminated", "finishedAt"));
    return ended == null || (known != null && known.isAfter(ended)) ? known : ended;
  }

  static String readinessGates(Struct pod) {
    List<Struct> gates = pod.structs("spec", "readinessGates");
    if (gates.isEmpty()) {
      return "<none>";
    }
    long open =
        gates.stream().filter(gate -> Meta.isTrue(pod, gate.string("conditionType"))).count();
    return open + "/" + gates.size();
  }
}
