package dev.tiphys.delivery.status;

import dev.tiphys.delivery.model.Conditions;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;

/// How a Rollout stands, in a word and in a sentence, as its status shows. Pure.
///
/// @param name `Healthy`, `Progressing`, `Paused` or `Degraded`
/// @param message empty if there is nothing to add
public record Phase(String name, String message) {

  private static Phase progressing(String message) {
    return new Phase("Progressing", message);
  }

  /// @param rollout with the status that it is about to have
  public static Phase of(Rollout rollout) {
    Struct status = rollout.status();
    Struct invalid = Meta.condition(rollout.object(), Conditions.INVALID_SPEC);
    if (invalid != null) {
      return new Phase("Degraded", Conditions.INVALID_SPEC + ": " + invalid.string("message"));
    }
    Struct progress = Meta.condition(rollout.object(), Conditions.PROGRESSING);
    if (progress != null
        && List.of(Conditions.ABORTED, Conditions.TIMED_OUT).contains(progress.string("reason"))) {
      return new Phase("Degraded", progress.string("reason") + ": " + progress.string("message"));
    }
    if (rollout.isPaused()) {
      return new Phase("Paused", "manually paused");
    }
    List<Struct> pauses = status.structs("pauseConditions");
    if (!pauses.isEmpty()) {
      return new Phase("Paused", pauses.getFirst().string("reason"));
    }
    return unhindered(rollout, status);
  }

  private static Phase unhindered(Rollout rollout, Struct status) {
    if (!rollout.spec().string("restartAt").equals(status.string("restartedAt"))) {
      return progressing("rollout is restarting");
    }
    long updated = status.integer("updatedReplicas");
    if (updated < rollout.replicas()) {
      return progressing("more replicas need to be updated");
    }
    if (status.integer("availableReplicas") < updated) {
      return progressing("updated replicas are still becoming available");
    }
    boolean stable = status.string("stableRS").equals(status.string("currentPodHash"));
    return rollout.isBlueGreen()
        ? blueGreen(rollout, status, stable)
        : canary(rollout, status, stable);
  }

  private static Phase blueGreen(Rollout rollout, Struct status, boolean stable) {
    String active = status.string("blueGreen", "activeSelector");
    if (!active.equals(status.string("currentPodHash"))) {
      return progressing("active service cutover pending");
    }
    if (!stable) {
      return progressing(
          rollout.blueGreen().postPromotionAnalysis().isEmpty()
              ? "waiting for post-promotion verification to complete"
              : "waiting for analysis to complete");
    }
    return new Phase("Healthy", "");
  }

  private static Phase canary(Rollout rollout, Struct status, boolean stable) {
    if (!rollout.canary().isRouted()
        && status.integer("replicas") > status.integer("updatedReplicas")) {
      return progressing("old replicas are pending termination");
    }
    if (!stable) {
      return progressing("waiting for all steps to complete");
    }
    return new Phase("Healthy", "");
  }
}
