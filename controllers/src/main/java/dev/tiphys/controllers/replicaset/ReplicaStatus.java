package dev.tiphys.controllers.replicaset;

import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the status of a ReplicaSet says of its Pods.
///
/// @param kind which kind of object it is about
/// @param now when it is looked at
record ReplicaStatus(ReplicaKind kind, Instant now) {

  private static final String FAILURE = "ReplicaFailure";

  /// The status.
  ///
  /// @param owned the Pods that belong to it, the terminating ones too
  /// @param failure what went wrong just now, or null
  Struct of(Struct object, List<Struct> owned, @Nullable ApiException failure) {
    LabelSelector template =
        LabelSelector.ofLabels(object.struct("spec", "template", "metadata", "labels"));
    long minReady = object.integer("spec", "minReadySeconds");
    long active = 0;
    long labeled = 0;
    long ready = 0;
    long available = 0;
    long terminating = 0;
    for (Struct pod : owned) {
      if (Pods.isTerminating(pod)) {
        terminating++;
      }
      if (!Pods.isActive(pod)) {
        continue;
      }
      active++;
      labeled += template.matches(Meta.of(pod).labels()) ? 1 : 0;
      if (Pods.isReady(pod)) {
        ready++;
        Instant from = Pods.availableFrom(pod, minReady);
        available += from != null && !from.isAfter(now) ? 1 : 0;
      }
    }
    StructBuilder status = new StructBuilder().add("replicas", active);
    status.addUnlessZero("fullyLabeledReplicas", labeled);
    status.addUnlessZero("readyReplicas", ready);
    status.addUnlessZero("availableReplicas", available);
    status.addUnlessZero("observedGeneration", Meta.of(object).generation());
    if (kind.countsTerminating()) {
      status.add("terminatingReplicas", terminating);
    }
    return status.addUnlessEmpty("conditions", conditions(object, active, failure)).build();
  }

  private List<Struct> conditions(Struct object, long active, @Nullable ApiException failure) {
    List<Struct> conditions = new ArrayList<>();
    Struct present = null;
    for (Struct condition : object.structs("status", "conditions")) {
      if (condition.string("type").equals(FAILURE)) {
        present = condition;
      } else {
        conditions.add(condition);
      }
    }
    if (failure != null) {
      conditions.add(present != null ? present : failed(object, active, failure));
    }
    return conditions;
  }

  private Struct failed(Struct object, long active, ApiException failure) {
    boolean tooFew = active < object.integer("spec", "replicas");
    return new StructBuilder()
        .add("type", FAILURE)
        .add("status", "True")
        .add("reason", tooFew ? "FailedCreate" : "FailedDelete")
        .add("message", failure.message())
        .add("lastTransitionTime", Timestamps.seconds(now))
        .build();
  }

  /// When the next ready Pod becomes available; null if none is on its way.
  @Nullable Instant nextAvailable(Struct object, List<Struct> owned) {
    long minReady = object.integer("spec", "minReadySeconds");
    if (minReady == 0) {
      return null;
    }
    Instant next = null;
    for (Struct pod : owned) {
      Instant from = Pods.isActive(pod) ? Pods.availableFrom(pod, minReady) : null;
      if (from != null && from.isAfter(now) && (next == null || from.isBefore(next))) {
        next = from;
      }
    }
    return next;
  }
}
