package dev.tiphys.scheduler;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Cause;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells the cluster what became of Pods: by events, and by conditions in their status.
///
/// Threads: any. Nothing waits for what is written.
final class Reports {

  private static final System.Logger LOG = System.getLogger(Reports.class.getName());
  private static final int LONGEST_NOTE = 1_024;
  private static final String CUT = " ...";

  private final World world;
  private final Api api;
  private final Writers writers;
  private final EventRecorder events;
  private final String scheduler;

  Reports(World world, Api api, Writers writers, EventRecorder events, String scheduler) {
    this.world = world;
    this.api = api;
    this.writers = writers;
    this.events = events;
    this.scheduler = scheduler;
  }

  /// A Pod has its node.
  void placed(PodInfo pod, String node) {
    events.normal(pod.object(), "Scheduled", "Successfully assigned " + pod.key() + " to " + node);
  }

  /// A Pod has no node.
  ///
  /// @param reason `Unschedulable`, or `SchedulerError` if it is not the Pod's own fault
  /// @param nominated the node that is being cleared for it; empty if none is
  void failed(PodInfo pod, String reason, String message, String nominated) {
    String note =
        message.length() > LONGEST_NOTE
            ? message.substring(0, LONGEST_NOTE - CUT.length()) + CUT
            : message;
    Cause.during(pod.revision(), () -> events.warning(pod.object(), "FailedScheduling", note));
    Struct known = Meta.condition(pod.object(), "PodScheduled");
    boolean told =
        known != null
            && known.string("status").equals("False")
            && known.string("reason").equals(reason)
            && known.string("message").equals(message)
            && pod.nominated().equals(nominated);
    if (!told) {
      Struct condition = condition("PodScheduled", "False", reason, message, pod, known);
      StructBuilder status = new StructBuilder().add("conditions", List.of(condition));
      if (!pod.nominated().equals(nominated)) {
        status.add("nominatedNodeName", nominated.isEmpty() ? Null.NULL : nominated);
      }
      writers.write(pod, () -> patch(pod, status.build()));
    }
  }

  /// A node is no longer being cleared for a Pod.
  void nominationLost(PodInfo pod) {
    writers.write(pod, () -> patch(pod, Struct.of("nominatedNodeName", Null.NULL)));
  }

  /// Sends a Pod away, so that another one has room.
  void preempt(PodInfo victim, PodInfo preemptor, NodeInfo node) {
    Struct condition =
        condition(
            "DisruptionTarget",
            "True",
            "PreemptionByScheduler",
            scheduler + ": preempting to accommodate a higher priority pod",
            victim,
            null);
    writers.write(
        victim,
        () ->
            Cause.during(
                preemptor.revision(),
                () -> {
                  patch(victim, Struct.of("conditions", List.of(condition)));
                  delete(victim);
                  events.normal(
                      victim.object(),
                      "Preempted",
                      "Preempted by pod " + preemptor.uid() + " on node " + node.name());
                }));
  }

  private void delete(PodInfo pod) {
    try {
      api.delete(
          ApiResource.PODS,
          pod.key().namespace(),
          pod.key().name(),
          DeleteOptions.DEFAULT.ofUid(pod.uid()));
    } catch (ApiException e) {
      logUnlessGone("deleting a pod failed: pod={0} error={1}", pod, e);
    }
  }

  private void patch(PodInfo pod, Struct status) {
    try {
      api.patch(
          ApiResource.PODS,
          pod.key().namespace(),
          pod.key().name(),
          "status",
          PatchType.STRATEGIC,
          Struct.of("metadata", Struct.of("uid", pod.uid()), "status", status));
    } catch (ApiException e) {
      logUnlessGone("patching a pod's status failed: pod={0} error={1}", pod, e);
    }
  }

  private static void logUnlessGone(String message, PodInfo pod, ApiException e) {
    if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
      LOG.log(Level.WARNING, message, pod, e.message());
    }
  }

  /// @param before the condition of this type that the Pod has; null if it has none
  private Struct condition(
      String type,
      String status,
      String reason,
      String message,
      PodInfo pod,
      @Nullable Struct before) {
    boolean same = before != null && before.string("status").equals(status);
    Object since = same && before != null ? before.get("lastTransitionTime") : null;
    StructBuilder condition =
        new StructBuilder()
            .add("type", type)
            .add("status", status)
            .add("reason", reason)
            .add("message", message)
            .add("lastProbeTime", Null.NULL)
            .add(
                "lastTransitionTime",
                since instanceof String ? since : Timestamps.seconds(world.now()));
    long generation = Meta.of(pod.object()).generation();
    if (generation > 0) {
      condition.add("observedGeneration", generation);
    }
    return condition.build();
  }
}
