package dev.tiphys.controllers.deployment;

import dev.tiphys.controllers.common.IntOrPercent;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;

/// A Deployment, with names and types.
///
/// @param object the whole object
record Deployment(Struct object) {

  /// What a deadline or a limit that is switched off is set to.
  private static final long UNLIMITED = Integer.MAX_VALUE;

  Meta meta() {
    return Meta.of(object);
  }

  String name() {
    return meta().name();
  }

  long replicas() {
    return object.integer("spec", "replicas");
  }

  Struct template() {
    return object.struct("spec", "template");
  }

  LabelSelector selector() {
    return LabelSelector.from(object.struct("spec", "selector"));
  }

  boolean isPaused() {
    return object.bool("spec", "paused");
  }

  boolean isRecreate() {
    return object.string("spec", "strategy", "type").equals("Recreate");
  }

  Struct status() {
    return object.struct("status");
  }

  /// How many Pods there may be beyond the wanted ones.
  long maxSurge() {
    return isRecreate() ? 0 : IntOrPercent.roundedUp(limit("maxSurge"), replicas());
  }

  /// How many of the wanted Pods need not be available.
  long maxUnavailable() {
    if (isRecreate() || replicas() == 0) {
      return 0;
    }
    long most = IntOrPercent.roundedDown(limit("maxUnavailable"), replicas());
    if (most == 0 && maxSurge() == 0) {
      return 1; // both may round to nothing, and then no rollout could move
    }
    return Math.min(most, replicas());
  }

  private Object limit(String name) {
    Object value = object.get("spec", "strategy", "rollingUpdate", name);
    return value == null ? 0L : value;
  }

  long minReadySeconds() {
    return object.integer("spec", "minReadySeconds");
  }

  boolean hasProgressDeadline() {
    return object.has("spec", "progressDeadlineSeconds") && progressDeadlineSeconds() != UNLIMITED;
  }

  long progressDeadlineSeconds() {
    return object.integer("spec", "progressDeadlineSeconds");
  }

  boolean hasHistoryLimit() {
    return object.has("spec", "revisionHistoryLimit") && historyLimit() != UNLIMITED;
  }

  long historyLimit() {
    return object.integer("spec", "revisionHistoryLimit");
  }

  /// Whether a status says that all Pods are of the newest template and available, and no others
  /// are left.
  boolean isComplete(Struct status) {
    return status.integer("updatedReplicas") == replicas()
        && status.integer("replicas") == replicas()
        && status.integer("availableReplicas") == replicas()
        && status.integer("observedGeneration") >= meta().generation();
  }

  Deployment withStatus(Struct status) {
    return new Deployment(object.with("status", status));
  }
}
