package dev.tiphys.delivery.status;

import dev.tiphys.delivery.model.Conditions;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.delivery.model.Step;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Completes the status at the end of a look: counts, conditions, phase.
///
/// Threads: one.
public final class Conclusion {

  private final Pass pass;
  private final Rollout rollout;
  private final StatusDraft status;
  private final Conditions conditions;

  public Conclusion(Pass pass) {
    this.pass = pass;
    this.rollout = pass.rollout();
    this.status = pass.status();
    this.conditions = new Conditions(status, pass.now());
  }

  public void write() {
    ReplicaSet newest = pass.newest();
    status.set(newest.hash(), "currentPodHash");
    status.set(Long.toString(rollout.meta().generation()), "observedGeneration");
    String workload = rollout.meta().annotation("rollout.argoproj.io/workload-generation");
    status.set(workload, "workloadObservedGeneration");
    Counts.write(status, rollout, newest, pass.all(), active());
    conditions.remove(Conditions.INVALID_SPEC);
    available();
    boolean healthy = isHealthy();
    flag(
        Conditions.HEALTHY,
        healthy,
        "RolloutHealthy",
        healthy ? "Rollout is healthy" : "Rollout is not healthy");
    flag(Conditions.COMPLETED, status.isFullyPromoted(), "RolloutCompleted", "RolloutCompleted");
    paused();
    progressing(healthy);
    failures();
    new Durations(pass).note();
    writePhase(status, rollout);
  }

  /// Writes how the Rollout stands, as its status says by now.
  public static void writePhase(StatusDraft status, Rollout rollout) {
    Phase phase = Phase.of(new Rollout(rollout.object().with("status", status.now())));
    status.set(phase.name(), "phase");
    status.set(phase.message(), "message");
  }

  private @Nullable ReplicaSet active() {
    return rollout.isBlueGreen()
        ? pass.withHash(status.now().string("blueGreen", "activeSelector"))
        : null;
  }

  private void flag(String type, boolean value, String reason, String message) {
    conditions.set(type, value ? "True" : "False", reason, message);
  }

  private void available() {
    long least = rollout.replicas() - rollout.maxUnavailable();
    boolean enough = status.now().integer("availableReplicas") >= least;
    flag(
        Conditions.AVAILABLE,
        enough,
        "AvailableReason",
        enough ? "Rollout has minimum availability" : "Rollout does not have minimum availability");
  }

  private boolean isHealthy() {
    Struct now = status.now();
    String current = status.current();
    boolean sized =
        now.integer("updatedReplicas") == rollout.replicas()
            && now.integer("availableReplicas") == rollout.replicas()
            && status.isFullyPromoted();
    if (!sized) {
      return false;
    }
    if (rollout.isBlueGreen()) {
      return now.string("blueGreen", "activeSelector").equals(current)
          && (rollout.blueGreen().previewService().isEmpty()
              || now.string("blueGreen", "previewSelector").equals(current));
    }
    int steps = rollout.canary().steps().size();
    return (steps == 0 || status.stepIndex() >= steps)
        && now.integer("replicas") == rollout.replicas();
  }

  private void paused() {
    boolean paused = isPaused();
    if (paused || conditions.find(Conditions.PAUSED) != null) {
      flag(
          Conditions.PAUSED,
          paused,
          "RolloutPaused",
          paused ? "Rollout is paused" : "Rollout is not paused");
    }
  }

  private boolean isPaused() {
    return rollout.isPaused() || status.isPaused();
  }

  private void progressing(boolean healthy) {
    if (status.isAborted()) {
      aborted();
    } else if (conditions.hasReason(Conditions.PROGRESSING, Conditions.ABORTED)) {
      conditions.set(
          Conditions.PROGRESSING, "Unknown", "RolloutRetry", "Retrying Rollout after abort");
    } else if (isPaused()) {
      if (!conditions.hasReason(Conditions.PROGRESSING, "RolloutPaused")) {
        conditions.set(Conditions.PROGRESSING, "Unknown", "RolloutPaused", "Rollout is paused");
        List<Struct> reasons = status.now().structs("pauseConditions");
        pass.normal(
            "RolloutPaused",
            reasons.isEmpty()
                ? "Rollout is paused"
                : "Rollout is paused (" + reasons.getFirst().string("reason") + ")");
      }
    } else if (conditions.hasReason(Conditions.PROGRESSING, "RolloutPaused")) {
      conditions.set(Conditions.PROGRESSING, "Unknown", "RolloutResumed", "Rollout is resumed");
      pass.normal("RolloutResumed", "Rollout is resumed");
    } else {
      moving(healthy);
    }
  }

  private void aborted() {
    if (conditions.hasReason(Conditions.PROGRESSING, Conditions.ABORTED)) {
      return;
    }
    String cause = status.abortMessage();
    String message =
        "Rollout aborted update to revision "
            + pass.newest().revision()
            + (cause.isEmpty() ? "" : ": " + cause);
    conditions.set(Conditions.PROGRESSING, "False", Conditions.ABORTED, message);
    pass.warning(Conditions.ABORTED, message);
  }

  private void moving(boolean healthy) {
    String named = "ReplicaSet \"" + pass.newest().name() + "\"";
    if (healthy) {
      conditions.set(
          Conditions.PROGRESSING,
          "True",
          "NewReplicaSetAvailable",
          named + " has successfully progressed.");
      return;
    }
    boolean wasComplete = conditions.hasReason(Conditions.PROGRESSING, "NewReplicaSetAvailable");
    if (wasComplete && status.isFullyPromoted()) {
      conditions.set(
          Conditions.PROGRESSING, "True", "ReplicaSetNotAvailable", named + " is not available.");
    } else if (Progress.isMade(status.before(), status.now())) {
      conditions.renew(
          Conditions.PROGRESSING, "True", "ReplicaSetUpdated", named + " is progressing.");
    } else {
      watchDeadline(named);
    }
  }

  /// An update that makes no progress for too long is late; waiting for people, or for what was
  /// replaced to go, does not count.
  private void watchDeadline(String named) {
    Struct progress = conditions.find(Conditions.PROGRESSING);
    if (progress == null
        || progress.string("reason").equals("ReplicaSetNotAvailable")
        || isOpenEnded()
        || pass.others().stream().anyMatch(set -> set.hasDeadline() && set.replicas() > 0)) {
      return;
    }
    if (!conditions.hasReason(Conditions.PROGRESSING, Conditions.TIMED_OUT)) {
      Instant since =
          Optional.ofNullable(Timestamps.of(progress.get("lastUpdateTime"))).orElse(pass.now());
      Instant deadline = since.plusSeconds(rollout.progressDeadlineSeconds());
      if (!pass.now().isAfter(deadline)) {
        pass.lookAgain(deadline.plusSeconds(1));
        return;
      }
      conditions.set(
          Conditions.PROGRESSING,
          "False",
          Conditions.TIMED_OUT,
          named + " has timed out progressing.");
    }
    if (rollout.abortsAtDeadline() && !status.isFullyPromoted()) {
      status.abort(named + " has timed out progressing.", pass.now());
      aborted();
    }
  }

  private boolean isOpenEnded() {
    if (rollout.isBlueGreen()) {
      return status.isControllerPaused()
          || status.now().has("blueGreen", "prePromotionAnalysisRunStatus")
          || status.now().has("blueGreen", "postPromotionAnalysisRunStatus");
    }
    List<Step> steps = rollout.canary().steps();
    long index = status.stepIndex();
    return index >= 0 && index < steps.size() && steps.get((int) index).isOpenEnded();
  }

  /// What keeps ReplicaSets from making their Pods.
  private void failures() {
    for (ReplicaSet set : pass.all()) {
      Struct failure = Meta.condition(set.object(), Conditions.REPLICA_FAILURE);
      if (failure != null && failure.string("status").equals("True")) {
        conditions.set(
            Conditions.REPLICA_FAILURE,
            "True",
            failure.string("reason"),
            failure.string("message"));
        return;
      }
    }
    conditions.remove(Conditions.REPLICA_FAILURE);
  }
}
