package dev.tiphys.controllers.statefulset;

import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the status of a StatefulSet says. Pure.
///
/// @param set the set
/// @param current the name of the revision that an update began with
/// @param update the name of the newest revision
/// @param collisions how often a revision had the hash of another one
/// @param now when it is looked at
record SetStatus(StatefulSet set, String current, String update, long collisions, Instant now) {

  private static final String BLOCKED = "tiphys.dev/Blocked";

  /// The status.
  ///
  /// @param pods those that belong to the set
  /// @param blocker the Pod that all others wait for, or null
  Struct of(Collection<Struct> pods, @Nullable Struct blocker) {
    long ready = 0;
    long available = 0;
    long currents = 0;
    long updated = 0;
    for (Struct pod : pods) {
      if (Plan.isRunning(pod) && Pods.isReady(pod)) {
        ready++;
        Instant from = Pods.availableFrom(pod, set.minReadySeconds());
        available += from != null && !from.isAfter(now) ? 1 : 0;
      }
      if (!Meta.of(pod).isBeingDeleted()) {
        currents += SetPods.revisionOf(pod).equals(current) ? 1 : 0;
        updated += SetPods.revisionOf(pod).equals(update) ? 1 : 0;
      }
    }
    long wanted = set.replicas();
    boolean complete =
        set.isRolling() && updated == wanted && ready == wanted && pods.size() == wanted;
    StructBuilder status =
        new StructBuilder()
            .add("observedGeneration", set.meta().generation())
            .add("replicas", (long) pods.size())
            .add("availableReplicas", available)
            .add("currentRevision", complete ? update : current)
            .add("updateRevision", update)
            .add("collisionCount", collisions)
            .addUnlessEmpty("conditions", conditions(blocker));
    status.addUnlessZero("readyReplicas", ready);
    status.addUnlessZero("currentReplicas", complete ? updated : currents);
    status.addUnlessZero("updatedReplicas", updated);
    return status.build();
  }

  /// Others' conditions as they are; upstream writes none itself.
  private List<Struct> conditions(@Nullable Struct blocker) {
    List<Struct> conditions = new ArrayList<>();
    Struct present = null;
    for (Struct condition : set.status().structs("conditions")) {
      if (condition.string("type").equals(BLOCKED)) {
        present = condition;
      } else {
        conditions.add(condition);
      }
    }
    if (set.asksFor(StatefulSet.REPORT_BLOCKED)) {
      conditions.add(blocked(present, blocker));
    }
    return conditions;
  }

  private Struct blocked(@Nullable Struct present, @Nullable Struct blocker) {
    Struct wanted =
        new StructBuilder()
            .add("type", BLOCKED)
            .add("status", blocker == null ? "False" : "True")
            .add("reason", blocker == null ? "NothingWaits" : "PodIsNotAvailable")
            .add("message", blocker == null ? "" : messageOf(blocker))
            .build();
    if (present != null && present.string("status").equals(wanted.string("status"))) {
      return wanted.with("lastTransitionTime", present.string("lastTransitionTime"));
    }
    return wanted.with("lastTransitionTime", Timestamps.seconds(now));
  }

  private static String messageOf(Struct pod) {
    Meta meta = Meta.of(pod);
    if (meta.isBeingDeleted()) {
      return "Pod " + meta.name() + " has not ended yet";
    }
    String where = "Pod " + meta.name() + " is not available";
    for (Struct container : pod.structs("status", "containerStatuses")) {
      String reason = container.string("state", "waiting", "reason");
      if (!reason.isEmpty()) {
        return where + ": container " + container.string("name") + " waits: " + reason;
      }
    }
    Struct scheduled = Meta.condition(pod, "PodScheduled");
    return scheduled == null || scheduled.string("status").equals("True")
        ? where
        : where + ": " + scheduled.string("message");
  }

  /// When the next Pod becomes available; null if none is on its way.
  @Nullable Instant nextAvailable(Collection<Struct> pods) {
    Instant next = null;
    for (Struct pod : pods) {
      Instant from = Pods.availableFrom(pod, set.minReadySeconds());
      if (from != null && from.isAfter(now) && (next == null || from.isBefore(next))) {
        next = from;
      }
    }
    return next;
  }
}
