package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.ConditionRules;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.SelectorRules;
import dev.tiphys.schema.validation.ShareRules;
import java.util.List;

/// Rules for PodDisruptionBudgets.
public final class DisruptionRules {

  private DisruptionRules() {}

  public static void create(FieldValue budget) {
    FieldValue spec = budget.at("spec");
    FieldValue least = spec.at("minAvailable");
    FieldValue most = spec.at("maxUnavailable");
    if (least.isSet() && most.isSet()) {
      spec.invalidText(
          GoText.struct(spec.value(), "io.k8s.api.policy.v1.PodDisruptionBudgetSpec"),
          "minAvailable and maxUnavailable cannot be both set");
    }
    for (FieldValue share : List.of(least, most)) {
      if (share.isSet()) {
        ShareRules.share(share);
        ShareRules.atMostAll(share);
      }
    }
    SelectorRules.selector(spec.at("selector"));
    spec.at("unhealthyPodEvictionPolicy").mayBeOneOf(List.of("AlwaysAllow", "IfHealthyBudget"));
  }

  public static void status(FieldValue now, Struct before) {
    ConditionRules.conditions(now.at("status", "conditions"));
    WorkloadRules.counts(
        now, "disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods");
  }
}
