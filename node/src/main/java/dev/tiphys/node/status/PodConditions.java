package dev.tiphys.node.status;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The conditions that the agent keeps in a Pod's status. Those of others stay before them.
final class PodConditions {
  private static final String SANDBOX = "PodReadyToStartContainers";
  private static final String INITIALIZED = "Initialized";
  private static final String READY = "Ready";
  private static final String CONTAINERS_READY = "ContainersReady";
  private static final String SCHEDULED = "PodScheduled";

  /// Those that are the agent's to write, in upstream's order.
  static final Set<String> OWN = Set.of(SANDBOX, INITIALIZED, READY, CONTAINERS_READY, SCHEDULED);

  private final Pod pod;
  private final String phase;
  private final Map<String, Struct> init;
  private final Map<String, Struct> regular;
  private final Instant now;

  /// What a condition says.
  private record Verdict(boolean holds, String reason, String message) {
    static final Verdict TRUE = new Verdict(true, "", "");
  }

  PodConditions(Pod pod, String phase, List<Struct> init, List<Struct> regular, Instant now) {
    this.pod = pod;
    this.phase = phase;
    this.init = byName(init);
    this.regular = byName(regular);
    this.now = now;
  }

  private static Map<String, Struct> byName(List<Struct> statuses) {
    return statuses.stream()
        .collect(Collectors.toMap(s -> s.string("name"), Function.identity(), (a, _) -> a));
  }

  /// @param sandboxReady whether there is a sandbox with a network
  List<Struct> list(boolean sandboxReady) {
    List<Struct> conditions = new ArrayList<>();
    for (Struct condition : pod.status().structs("conditions")) {
      if (!OWN.contains(condition.string("type"))) {
        conditions.add(condition);
      }
    }
    Verdict containersReady = containersReady();
    conditions.add(condition(SANDBOX, new Verdict(sandboxReady, "", "")));
    conditions.add(condition(INITIALIZED, initialized()));
    conditions.add(condition(READY, ready(containersReady)));
    conditions.add(condition(CONTAINERS_READY, containersReady));
    conditions.add(condition(SCHEDULED, Verdict.TRUE));
    return conditions;
  }

  private Struct condition(String type, Verdict verdict) {
    String status = verdict.holds ? "True" : "False";
    Struct before = Meta.condition(pod.object(), type);
    Object since =
        before != null && before.string("status").equals(status) && before.has("lastTransitionTime")
            ? before.string("lastTransitionTime")
            : Timestamps.seconds(now);
    StructBuilder condition =
        new StructBuilder()
            .add("type", type)
            .add("status", status)
            .addUnlessEmpty("reason", verdict.reason)
            .addUnlessEmpty("message", verdict.message)
            .add("lastProbeTime", Null.NULL)
            .add("lastTransitionTime", since);
    if (pod.meta().generation() > 0) {
      condition.add("observedGeneration", pod.meta().generation());
    }
    return condition.build();
  }

  private Verdict initialized() {
    List<String> incomplete =
        names(
            pod.initContainers(),
            c -> {
              Struct status = init.get(c.name());
              return status != null && !status.bool(c.isSidecar() ? "started" : "ready");
            });
    List<String> unknown = names(pod.initContainers(), c -> !init.containsKey(c.name()));
    if (phase.equals("Succeeded") && unknown.isEmpty()) {
      return new Verdict(true, "PodCompleted", "");
    }
    boolean everStarted =
        pod.containers().stream()
            .map(c -> regular.get(c.name()))
            .anyMatch(
                s ->
                    s != null
                        && (s.has("state", "running")
                            || s.has("state", "terminated")
                            || s.has("lastState", "terminated")));
    if (everStarted || (incomplete.isEmpty() && unknown.isEmpty())) {
      return Verdict.TRUE;
    }
    return new Verdict(
        false,
        "ContainersNotInitialized",
        message("unknown status", unknown, "incomplete status", incomplete));
  }

  private Verdict containersReady() {
    List<PodContainer> counted =
        Stream.concat(
                pod.initContainers().stream().filter(PodContainer::isSidecar),
                pod.containers().stream())
            .toList();
    List<String> unknown = names(counted, c -> status(c) == null);
    if (unknown.isEmpty() && phase.equals("Succeeded")) {
      return new Verdict(false, "PodCompleted", "");
    }
    if (unknown.isEmpty() && phase.equals("Failed")) {
      return new Verdict(false, "PodFailed", "");
    }
    List<String> unready =
        names(
            counted,
            c -> {
              Struct status = status(c);
              return status != null && !status.bool("ready");
            });
    if (unknown.isEmpty() && unready.isEmpty()) {
      return Verdict.TRUE;
    }
    return new Verdict(
        false, "ContainersNotReady", message("unknown status", unknown, "unready status", unready));
  }

  private @Nullable Struct status(PodContainer container) {
    return container.isSidecar() ? init.get(container.name()) : regular.get(container.name());
  }

  private Verdict ready(Verdict containersReady) {
    if (!containersReady.holds) {
      return containersReady;
    }
    List<String> missing = new ArrayList<>();
    for (Struct gate : pod.spec().structs("readinessGates")) {
      String type = gate.string("conditionType");
      Struct condition = Meta.condition(pod.object(), type);
      if (condition == null) {
        missing.add(
            "corresponding condition of pod readiness gate \"%s\" does not exist.".formatted(type));
      } else if (!condition.string("status").equals("True")) {
        missing.add(
            "the status of pod readiness gate \"%s\" is not \"True\", but %s"
                .formatted(type, condition.string("status")));
      }
    }
    return missing.isEmpty()
        ? Verdict.TRUE
        : new Verdict(false, "ReadinessGatesNotReady", String.join(", ", missing));
  }

  private static List<String> names(List<PodContainer> containers, Predicate<PodContainer> which) {
    return containers.stream().filter(which).map(PodContainer::name).toList();
  }

  private static String message(
      String first, List<String> firstNames, String second, List<String> secondNames) {
    List<String> parts = new ArrayList<>();
    if (!firstNames.isEmpty()) {
      parts.add("containers with " + first + ": [" + String.join(" ", firstNames) + "]");
    }
    if (!secondNames.isEmpty()) {
      parts.add("containers with " + second + ": [" + String.join(" ", secondNames) + "]");
    }
    return String.join(", ", parts);
  }
}
