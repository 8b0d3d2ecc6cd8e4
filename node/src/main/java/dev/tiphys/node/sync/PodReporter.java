package dev.tiphys.node.sync;

import dev.tiphys.node.pod.Health;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.Waiting;
import dev.tiphys.node.status.PodStatuses;
import dev.tiphys.node.status.StatusInputs;
import dev.tiphys.node.status.StatusWriter;
import dev.tiphys.node.status.TerminationMessages;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reports to the API how one Pod is.
///
/// Threads: the Pod's worker; [#isEcho] any.
final class PodReporter {
  private static final System.Logger LOG = System.getLogger(PodReporter.class.getName());

  private final NodeContext node;
  private final Health health;
  private final StatusWriter writer;
  private final TerminationMessages messages;
  private final long since;
  private final Set<String> reportedBackoffs = new HashSet<>();

  PodReporter(NodeContext node, Health health) {
    this.node = node;
    this.health = health;
    this.since = node.world().nanoTime();
    this.writer = new StatusWriter(node.api());
    this.messages = new TerminationMessages(node.world(), node.settings().directories());
  }

  /// The Pod with the newest status that is known.
  Pod newest(Pod pod) {
    return writer.newest(pod);
  }

  /// Whether a state of the Pod is only what was reported last.
  boolean isEcho(Pod pod) {
    return writer.isEcho(pod);
  }

  /// Reports how a Pod is that is to run, or is about to end. If the API can't be reached,
  /// containers are looked after all the same.
  ///
  /// @param waiting why containers wait, by name
  Reported report(Pod pod, Observation seen, Map<String, Waiting> waiting) {
    Struct status = PodStatuses.of(inputs(pod, seen, waiting, false));
    boolean over =
        status.string("phase").equals("Succeeded") || status.string("phase").equals("Failed");
    boolean runsStill = over && !pod.isTerminal() && !seen.running().isEmpty();
    try {
      // A Pod has not ended before the last of its containers has, side cars included.
      writer.write(pod, runsStill ? status.with("phase", "Running") : status);
      if (pod.phase().equals("Pending") && status.string("phase").equals("Running")) {
        node.metrics().started(node.world().nanoTime() - since);
      }
      return new Reported(over, true);
    } catch (ApiException e) {
      LOG.log(
          Level.WARNING,
          "the status of a pod was not written: pod={0} error={1}",
          pod.fullName(),
          e.message());
      return new Reported(over, false);
    }
  }

  /// What was reported.
  ///
  /// @param over whether the Pod has done all that it will do
  /// @param written whether the API knows
  record Reported(boolean over, boolean written) {}

  /// Reports how a Pod ended.
  ///
  /// @param reason why the agent ended it; null if it did not
  /// @throws ApiException if the API does not take it
  void reportEnd(Pod pod, Observation seen, @Nullable TerminationReason reason) {
    Struct status = PodStatuses.of(inputs(pod, seen, Map.of(), true));
    if (reason != null) {
      status =
          status
              .with("phase", "Failed")
              .with("reason", reason.reason())
              .with("message", reason.message());
    }
    if (reason != null && reason.forTheNode()) {
      status = status.with("conditions", disrupted(pod, status, reason.message()));
    }
    writer.write(pod, status);
  }

  /// The conditions of a Pod that would have gone on, had the node had room.
  private List<Struct> disrupted(Pod pod, Struct status, String message) {
    List<Struct> conditions = new ArrayList<>();
    conditions.add(
        new StructBuilder()
            .add("type", "DisruptionTarget")
            .add("status", "True")
            .add("reason", "TerminationByKubelet")
            .add("message", message)
            .add("lastProbeTime", Null.NULL)
            .add("lastTransitionTime", Timestamps.seconds(node.world().now()))
            .add("observedGeneration", pod.meta().generation())
            .build());
    conditions.addAll(status.structs("conditions"));
    return conditions;
  }

  /// Reports that a Pod is not run here.
  ///
  /// @throws ApiException if the API does not take it
  void reportRefusal(Pod pod, Observation seen, Admission.Refusal refusal) {
    node.events().warning(pod, refusal.reason(), refusal.message());
    writer.write(
        pod,
        PodStatuses.rejected(
            inputs(pod, seen, Map.of(), true), refusal.reason(), refusal.message()));
  }

  /// An event for each container that begins to back off.
  void reportBackoffs(Pod pod, Observation seen, Set<String> backingOff) {
    reportedBackoffs.removeIf(
        id -> seen.containers().stream().noneMatch(c -> c.status().id().equals(id)));
    for (String name : backingOff) {
      PodContainer container = pod.container(name);
      Observed last = seen.newest(name);
      if (container != null && last != null && reportedBackoffs.add(last.status().id())) {
        node.events()
            .warning(
                pod,
                container,
                "BackOff",
                "Back-off restarting failed container %s in pod %s"
                    .formatted(name, pod.fullName()));
      }
    }
  }

  private StatusInputs inputs(
      Pod pod, Observation seen, Map<String, Waiting> waiting, boolean stopped) {
    return new StatusInputs(
        pod,
        seen,
        health,
        waiting,
        ended -> messages.of(pod.uid(), ended),
        node.settings().addresses(),
        stopped,
        node.world().now());
  }
}
