package dev.tiphys.delivery.validation;

import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.pass.Tools;
import java.util.List;
import java.util.Optional;

/// Whether a Rollout can be worked with.
///
/// @param tools what it refers to is looked up with
public record RolloutValidation(Tools tools) {

  /// What is wrong, as the condition `InvalidSpec` tells; empty if nothing is.
  ///
  /// @param rollout with the template of the workload that it refers to, if it refers to one
  /// @param given as it was written
  /// @param isWorkloadMissing whether it refers to one that is not there
  /// @param sets its ReplicaSets
  public Optional<String> problem(
      Rollout rollout, Rollout given, boolean isWorkloadMissing, List<ReplicaSet> sets) {
    Problems problems = new Problems();
    if (isWorkloadMissing) {
      String kind = rollout.workloadRef().string("kind");
      String name = rollout.workloadRef().string("name");
      problems.invalid(
          "spec.workloadRef", name, "workload " + kind + " \"" + name + "\" not found");
    } else {
      new RolloutRules(rollout, given, problems).check();
    }
    if (problems.first().isEmpty()) {
      new StrategyRules(rollout, problems).check();
      if (rollout.isCanary()) {
        new StepRules(rollout, problems).check();
      }
    }
    if (problems.first().isEmpty()) {
      String hash = rollout.status().string("stableRS");
      ReplicaSet stable =
          sets.stream().filter(set -> set.hash().equals(hash)).findFirst().orElse(null);
      new ReferenceRules(tools.api(), tools.services(), tools.rollouts(), rollout, stable, problems)
          .check();
    }
    return problems
        .first()
        .map(problem -> "The Rollout \"" + rollout.name() + "\" is invalid: " + problem);
  }
}
