package dev.tiphys.delivery.validation;

import dev.tiphys.delivery.model.Rollout;
import java.util.List;

/// What is wrong with a Rollout as it is written, without the objects that it refers to. Pure.
public final class RolloutLint {

  private RolloutLint() {}

  /// All that was found, each with the path of its field; empty if nothing was.
  public static List<String> problems(Rollout rollout) {
    Problems problems = new Problems();
    if (rollout.workloadRef().isEmpty()) {
      new RolloutRules(rollout, rollout, problems).check();
    }
    new StrategyRules(rollout, problems).check();
    if (rollout.isCanary()) {
      new StepRules(rollout, problems).check();
    }
    return problems.all();
  }
}
