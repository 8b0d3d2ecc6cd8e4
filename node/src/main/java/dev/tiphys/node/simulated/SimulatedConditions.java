package dev.tiphys.node.simulated;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The conditions in a Pod's status: those of others first, then a node's own in upstream's order.
final class SimulatedConditions {

  private static final Set<String> OWN =
      Set.of(
          "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");

  private final Struct pod;
  private final Instant now;
  private final List<Struct> conditions = new ArrayList<>();

  private SimulatedConditions(Struct pod, Instant now) {
    this.pod = pod;
    this.now = now;
  }

  /// @param phase the phase the Pod is in now
  /// @param containers the statuses of its containers now
  static List<Struct> of(Struct pod, String phase, List<Struct> containers, Instant now) {
    SimulatedConditions all = new SimulatedConditions(pod, now);
    for (Struct other : pod.structs("status", "conditions")) {
      if (!OWN.contains(other.string("type"))) {
        all.conditions.add(other);
      }
    }
    boolean over = phase.equals("Succeeded") || phase.equals("Failed");
    String reason =
        switch (phase) {
          case "Succeeded" -> "PodCompleted";
          case "Failed" -> "PodFailed";
          default -> "";
        };
    all.add("PodReadyToStartContainers", !over, "", "");
    all.add("Initialized", true, phase.equals("Succeeded") ? reason : "", "");
    all.addReadiness(over, reason, containers);
    all.add("PodScheduled", true, "", "");
    return List.copyOf(all.conditions);
  }

  private void addReadiness(boolean over, String reason, List<Struct> containers) {
    String unready =
        containers.stream()
            .filter(status -> !status.bool("ready"))
            .map(status -> status.string("name"))
            .collect(Collectors.joining(" "));
    if (over) {
      add("Ready", false, reason, "");
      add("ContainersReady", false, reason, "");
    } else if (!unready.isEmpty()) {
      String message = "containers with unready status: [" + unready + "]";
      add("Ready", false, "ContainersNotReady", message);
      add("ContainersReady", false, "ContainersNotReady", message);
    } else {
      String closed = closedGates();
      add("Ready", closed.isEmpty(), closed.isEmpty() ? "" : "ReadinessGatesNotReady", closed);
      add("ContainersReady", true, "", "");
    }
  }

  /// What the Pod's readiness gates say against its being ready.
  private String closedGates() {
    List<String> closed = new ArrayList<>();
    for (Struct gate : pod.structs("spec", "readinessGates")) {
      String type = gate.string("conditionType");
      Struct condition = Meta.condition(pod, type);
      if (condition == null) {
        closed.add(
            "corresponding condition of pod readiness gate \"" + type + "\" does not exist.");
      } else if (!condition.string("status").equals("True")) {
        closed.add(
            "the status of pod readiness gate \""
                + type
                + "\" is not \"True\", but "
                + condition.string("status"));
      }
    }
    return String.join(", ", closed);
  }

  private void add(String type, boolean holds, String reason, String message) {
    Struct before = Meta.condition(pod, type);
    String status = holds ? "True" : "False";
    long generation = Meta.of(pod).generation();
    StructBuilder condition =
        new StructBuilder()
            .add("type", type)
            .add("status", status)
            .addUnlessEmpty("reason", reason)
            .addUnlessEmpty("message", message)
            .add("lastProbeTime", Null.NULL)
            .add("lastTransitionTime", since(before, status));
    if (generation > 0) {
      condition.add("observedGeneration", generation);
    }
    conditions.add(condition.build());
  }

  private Object since(@Nullable Struct before, String status) {
    boolean same = before != null && before.string("status").equals(status);
    Object known = same && before != null ? before.get("lastTransitionTime") : null;
    return known instanceof String ? known : Timestamps.seconds(now);
  }
}
