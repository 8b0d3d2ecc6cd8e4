package dev.tiphys.controllers.deployment;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a Deployment's status says of its ReplicaSets, and whether the rollout moves. Pure.
///
/// @param deployment the Deployment, with the status that was written last
/// @param newest the ReplicaSet of the wanted template, or null if there is none
/// @param old the other ones
/// @param now when it is looked at
record Progress(
    Deployment deployment, @Nullable ReplicaSet newest, List<ReplicaSet> old, Instant now) {

  static final String COMPLETE = "NewReplicaSetAvailable";
  static final String TIMED_OUT = "ProgressDeadlineExceeded";

  Progress {
    old = List.copyOf(old);
  }

  private List<ReplicaSet> all() {
    List<ReplicaSet> all = new ArrayList<>();
    if (newest != null) {
      all.add(newest);
    }
    all.addAll(old);
    return all;
  }

  /// The status, with the conditions that were there and how available it is.
  Struct counts() {
    long available = 0;
    long actual = 0;
    long ready = 0;
    long terminating = 0;
    for (ReplicaSet set : all()) {
      available += set.available();
      actual += set.actual();
      ready += set.ready();
      terminating += set.terminating();
    }
    Struct before = deployment.status();
    StructBuilder status = new StructBuilder(12);
    add(status, "observedGeneration", deployment.meta().generation());
    add(status, "replicas", actual);
    add(status, "updatedReplicas", newest == null ? 0 : newest.actual());
    add(status, "readyReplicas", ready);
    add(status, "availableReplicas", available);
    add(status, "unavailableReplicas", Math.max(0, ReplicaSet.replicas(all()) - available));
    status.add("terminatingReplicas", terminating);
    if (before.has("collisionCount")) {
      status.add("collisionCount", before.integer("collisionCount"));
    }
    status.addUnlessEmpty("conditions", before.list("conditions"));
    return Conditions.with(status.build(), availability(available));
  }

  private static void add(StructBuilder status, String field, long value) {
    if (value != 0) {
      status.add(field, value);
    }
  }

  private Struct availability(long available) {
    return available >= deployment.replicas() - deployment.maxUnavailable()
        ? condition(
            Conditions.AVAILABLE,
            "True",
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.")
        : condition(
            Conditions.AVAILABLE,
            "False",
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.");
  }

  private Struct condition(String type, String status, String reason, String message) {
    return Conditions.of(type, status, reason, message, now);
  }

  /// The status while a rollout is under way: also tells whether it moves, is done or is late, and
  /// what its ReplicaSets fail with.
  Struct ofRollout() {
    Struct status = counts();
    status =
        deployment.hasProgressDeadline()
            ? withProgress(status)
            : Conditions.without(status, Conditions.PROGRESSING);
    Struct failure = failure();
    return failure == null
        ? Conditions.without(status, Conditions.REPLICA_FAILURE)
        : Conditions.with(status, failure);
  }

  private Struct withProgress(Struct status) {
    // Once done, Pods that come and go are no matter of the rollout any more.
    boolean done =
        status.integer("replicas") == status.integer("updatedReplicas")
            && Conditions.hasReason(deployment.status(), Conditions.PROGRESSING, COMPLETE);
    if (done) {
      return status;
    }
    if (deployment.isComplete(status)) {
      return Conditions.with(
          status, progressing("True", COMPLETE, " has successfully progressed."));
    }
    if (hasMoved(status)) {
      return Conditions.renewed(
          status, progressing("True", "ReplicaSetUpdated", " is progressing."));
    }
    if (isLate(status)) {
      return Conditions.with(
          status, progressing("False", TIMED_OUT, " has timed out progressing."));
    }
    return status;
  }

  private Struct progressing(String status, String reason, String message) {
    String subject =
        newest == null
            ? "Deployment \"" + deployment.name() + "\""
            : "ReplicaSet \"" + newest.name() + "\"";
    return condition(Conditions.PROGRESSING, status, reason, subject + message);
  }

  private boolean hasMoved(Struct status) {
    Struct before = deployment.status();
    return grew(status, before, "updatedReplicas")
        || grew(status, before, "readyReplicas")
        || grew(status, before, "availableReplicas")
        || outdated(status) < outdated(before);
  }

  private static boolean grew(Struct status, Struct before, String field) {
    return status.integer(field) > before.integer(field);
  }

  private static long outdated(Struct status) {
    return status.integer("replicas") - status.integer("updatedReplicas");
  }

  private boolean isLate(Struct status) {
    Instant deadline = deadline(status);
    return deadline != null && deadline.isBefore(now);
  }

  /// When the rollout is late; null if it can't be.
  private @Nullable Instant deadline(Struct status) {
    Struct condition = Conditions.find(status, Conditions.PROGRESSING);
    if (!deployment.hasProgressDeadline()
        || condition == null
        || condition.string("reason").equals(COMPLETE)) {
      return null;
    }
    Instant from = Timestamps.of(condition.get("lastUpdateTime"));
    return from == null ? null : from.plusSeconds(deployment.progressDeadlineSeconds());
  }

  /// After what time a rollout that does not move is to be looked at again; null if that changes
  /// nothing.
  @Nullable Duration nextLook(Struct status) {
    Instant deadline = deadline(status);
    if (deadline == null
        || deployment.isComplete(status)
        || Conditions.hasReason(status, Conditions.PROGRESSING, TIMED_OUT)) {
      return null;
    }
    // Times in objects have whole seconds: one more, to be past the deadline for sure.
    Duration left = Duration.between(now, deadline);
    return (left.isNegative() ? Duration.ZERO : left).plusSeconds(1);
  }

  private @Nullable Struct failure() {
    for (ReplicaSet set : all()) {
      for (Struct condition : set.object().structs("status", "conditions")) {
        if (condition.string("type").equals(Conditions.REPLICA_FAILURE)) {
          return condition.with("lastUpdateTime", condition.string("lastTransitionTime"));
        }
      }
    }
    return null;
  }
}
