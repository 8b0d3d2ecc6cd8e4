package dev.tiphys.scheduler.reports;

import dev.tiphys.client.Cause;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.List;
import java.util.function.BiConsumer;

/// Tells the cluster what became of Pods: by events, and by conditions in their status.
///
/// Threads: any. Nothing waits for what is written.
public final class Reports {

  private final PodStatusWriter status;
  private final EventBroadcaster events;
  private final BiConsumer<PodInfo, Runnable> writers;

  /// @param writers what writes about a Pod are handed to
  public Reports(
      PodStatusWriter status, EventBroadcaster events, BiConsumer<PodInfo, Runnable> writers) {
    this.status = status;
    this.events = events;
    this.writers = writers;
  }

  /// A Pod has its node.
  public void placed(PodInfo pod, String node) {
    events.normal(
        pod.object(),
        Struct.EMPTY,
        "Scheduled",
        "Binding",
        "Successfully assigned " + pod.key() + " to " + node);
  }

  /// A Pod is to be bound to a node, but not at once.
  ///
  /// @param node empty if that has come to nothing
  public void expected(PodInfo pod, String node) {
    Struct change = Struct.of("nominatedNodeName", node.isEmpty() ? Null.NULL : node);
    writers.accept(pod, () -> status.patch(pod, change));
  }

  /// A Pod has no node.
  ///
  /// @param reason `Unschedulable`, or `SchedulerError` if it is not the Pod's own fault
  /// @param nominated the node that is being cleared for it; empty if none is
  public void failed(PodInfo pod, String reason, String message, String nominated) {
    Cause.during(
        pod.revision(),
        () -> events.warning(pod.object(), "FailedScheduling", "Scheduling", message));
    if (!isTold(pod, reason, message, nominated)) {
      Struct condition = status.condition(pod, "PodScheduled", "False", reason, message);
      StructBuilder changed = new StructBuilder().add("conditions", List.of(condition));
      if (!pod.nominated().equals(nominated)) {
        changed.add("nominatedNodeName", nominated.isEmpty() ? Null.NULL : nominated);
      }
      writers.accept(pod, () -> status.patch(pod, changed.build()));
    }
  }

  private static boolean isTold(PodInfo pod, String reason, String message, String nominated) {
    Struct known = Meta.condition(pod.object(), "PodScheduled");
    return known != null
        && known.string("status").equals("False")
        && known.string("reason").equals(reason)
        && known.string("message").equals(message)
        && pod.nominated().equals(nominated);
  }
}
