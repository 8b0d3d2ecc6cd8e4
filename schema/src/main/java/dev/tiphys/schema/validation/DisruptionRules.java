package dev.tiphys.schema.validation;

import dev.tiphys.object.Struct;
import java.util.List;

/// Rules for PodDisruptionBudgets.
final class DisruptionRules {

  private DisruptionRules() {}

  static void create(Place budget) {
    Place spec = budget.at("spec");
    Place least = spec.at("minAvailable");
    Place most = spec.at("maxUnavailable");
    if (least.isSet() && most.isSet()) {
      spec.invalidText(
          GoText.struct(spec.value(), "io.k8s.api.policy.v1.PodDisruptionBudgetSpec"),
          "minAvailable and maxUnavailable cannot be both set");
    }
    for (Place share : List.of(least, most)) {
      if (share.isSet()) {
        ShareRules.share(share);
        ShareRules.atMostAll(share);
      }
    }
    SelectorRules.selector(spec.at("selector"));
    spec.at("unhealthyPodEvictionPolicy").mayBeOneOf(List.of("AlwaysAllow", "IfHealthyBudget"));
  }

  static void status(Place now, Struct before) {
    ConditionRules.conditions(now.at("status", "conditions"));
    WorkloadRules.counts(
        now, "disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods");
  }
}
