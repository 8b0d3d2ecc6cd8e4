package dev.tiphys.delivery.status;

import dev.tiphys.delivery.model.Conditions;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.delivery.model.Step;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.pass.PauseReasons;
import dev.tiphys.delivery.replicasets.Revisions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How long an update takes: since when it goes on, how long of that it waited for people, and how
/// it ended.
///
/// @param pass the look
record Durations(Pass pass) {

  private static final String STARTED = "rolloutStartedAt";
  private static final String WAITING = "manualPauseStartedAt";
  private static final String WAITED = "totalManualPauseDurationSeconds";
  private static final String FINISHED = "finishedAt";
  private static final String HOW = "completionStatus";

  void note() {
    Struct next = next();
    pass.status().set(next.isEmpty() ? null : next, "duration");
  }

  private Struct next() {
    StatusDraft status = pass.status();
    Struct known = status.before().struct("duration");
    boolean begins = isBegun();
    boolean complete =
        status.stable().equals(pass.newest().hash())
            && pass.newest().available() >= pass.rollout().replicas();
    if (known.has(STARTED) && !known.has(FINISHED)) {
      if (begins) {
        String back = wayBack();
        if (back.isEmpty()) {
          return begun();
        }
        known = known.with(HOW, back);
      }
      if (complete) {
        String promoted = status.before().bool("promoteFull") ? "FastPromoted" : "Promoted";
        return ended(known, promoted);
      }
      return status.isAborted() ? ended(known, "Aborted") : waiting(known);
    }
    boolean retried =
        !status.isAborted()
            && new Conditions(new StatusDraft(status.before()), pass.now())
                .hasReason(Conditions.PROGRESSING, Conditions.ABORTED);
    return (begins || retried) && !complete ? begun() : known;
  }

  /// Whether the template or the steps are others than at the look before.
  private boolean isBegun() {
    StatusDraft status = pass.status();
    String steps = "currentStepHash";
    return status.before().string("currentPodHash").isEmpty()
        || pass.updateBegins()
        || !status.before().string(steps).equals(status.now().string(steps));
  }

  /// How the way back to a version of before is called; empty if it is another way.
  private String wayBack() {
    ReplicaSet stable = pass.stable();
    ReplicaSet newest = pass.newest();
    if (stable == null || ReplicaSet.BY_AGE.compare(newest, stable) > 0) {
      return "";
    }
    boolean fast =
        Revisions.isInRollbackWindow(pass.rollout(), newest, stable, pass.all())
            || (pass.rollout().isBlueGreen() && newest.replicas() > 0);
    return fast ? "FastRolledBack" : "RolledBack";
  }

  private Struct begun() {
    return Struct.of(STARTED, Timestamps.seconds(pass.now()));
  }

  private Struct ended(Struct duration, String how) {
    Struct whole = waited(duration).with(FINISHED, Timestamps.seconds(pass.now()));
    return whole.has(HOW) ? whole : whole.with(HOW, how);
  }

  private Struct waiting(Struct duration) {
    if (!isForPeople()) {
      return waited(duration);
    }
    return duration.has(WAITING)
        ? duration
        : duration.with(WAITING, Timestamps.seconds(pass.now()));
  }

  private Struct waited(Struct duration) {
    Instant since = Timestamps.of(duration.get(WAITING));
    return since == null
        ? duration
        : duration
            .without(WAITING)
            .with(
                WAITED, duration.integer(WAITED) + Duration.between(since, pass.now()).toSeconds());
  }

  private boolean isForPeople() {
    Rollout rollout = pass.rollout();
    return rollout.isPaused()
        || pass.status().now().structs("pauseConditions").stream()
            .anyMatch(pause -> isForPeople(rollout, pause.string("reason")));
  }

  private boolean isForPeople(Rollout rollout, String reason) {
    return switch (reason) {
      case PauseReasons.BLUE_GREEN ->
          rollout.spec().integer("strategy", "blueGreen", "autoPromotionSeconds") == 0;
      case PauseReasons.CANARY ->
          step() instanceof Step.Pause(Duration duration, _) && duration == null;
      default -> true;
    };
  }

  private @Nullable Step step() {
    List<Step> steps = pass.rollout().isCanary() ? pass.rollout().canary().steps() : List.of();
    long index = pass.status().stepIndex();
    return index >= 0 && index < steps.size() ? steps.get((int) index) : null;
  }
}
