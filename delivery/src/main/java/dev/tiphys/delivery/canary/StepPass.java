package dev.tiphys.delivery.canary;

import dev.tiphys.delivery.analysis.Kind;
import dev.tiphys.delivery.analysis.Runs;
import dev.tiphys.delivery.analysis.Verdict;
import dev.tiphys.delivery.experiment.StepExperiments;
import dev.tiphys.delivery.model.Canary;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.delivery.model.Step;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.pass.PauseReasons;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Takes a canary's present step, and goes on to the next one when it is done.
///
/// @param pass the look
record StepPass(Pass pass, Plan plan, TrafficPass traffic, Runs runs, StepExperiments experiments) {

  void advance() {
    Step step = plan.current();
    if (step == null || plan.isDirect() || pass.status().isPromotedFully() || !isDone(step)) {
      return;
    }
    StatusDraft status = pass.status();
    long next = status.stepIndex() + 1;
    status.set(next, "currentStepIndex");
    status.clearPauses();
    experiments.drop();
    pass.normal(
        "RolloutStepCompleted",
        "Rollout step %d/%d completed (%s)".formatted(next, plan.steps().size(), step.text()));
  }

  private boolean isDone(Step step) {
    return switch (step) {
      case Step.SetWeight _, Step.SetCanaryScale _ -> areSizesReached();
      case Step.Pause(Duration duration, _) -> isPauseOver(duration);
      case Step.Analysis(var analysis) -> runs.ask(Kind.STEP, analysis) == Verdict.GO;
      case Step.SetHeaderRoute _, Step.SetMirrorRoute _ -> true;
      case Step.Experiment(var experiment) -> experiments.ask(experiment) == Verdict.GO;
      case Step.Plugin _ -> false; // refused before
    };
  }

  private boolean isPauseOver(@Nullable Duration duration) {
    StatusDraft status = pass.status();
    Instant since = status.pausedSince(PauseReasons.CANARY);
    if (since == null) {
      if (status.isControllerPaused() && !status.isPaused()) {
        return true; // it was ended from outside
      }
      since = pass.now();
      status.pause(PauseReasons.CANARY, since);
    }
    if (duration == null) {
      return false;
    }
    Instant end = since.plus(duration);
    if (pass.now().isBefore(end)) {
      pass.lookAgain(end);
      return false;
    }
    return true;
  }

  private boolean areSizesReached() {
    ReplicaSet newest = pass.newest();
    ReplicaSet stable = pass.stable();
    Canary strategy = pass.rollout().canary();
    if (stable == null) {
      return false;
    }
    if (!strategy.isRouted()) {
      Sizes goal = plan.basic().nearest();
      return newest.replicas() == goal.canary()
          && strategy.isEnough(newest.available(), goal.canary())
          && stable.replicas() == goal.stable()
          && stable.actual() >= goal.stable()
          && ReplicaSet.available(pass.others()) == 0;
    }
    Sizes goal = plan.routed().of(plan.weight(), traffic.live(), plan.fixedSize());
    return strategy.isEnough(newest.available(), goal.canary())
        && (strategy.isStableDynamic() || stable.actual() >= goal.stable())
        && traffic.isSettled();
  }
}
