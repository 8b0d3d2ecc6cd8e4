package dev.tiphys.scheduler.plugins.preemption;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The PodDisruptionBudgets there are: how many Pods may leave.
///
/// Threads: any.
public final class DisruptionBudgets {

  private final Informer informer;

  public DisruptionBudgets(Informers informers) {
    this.informer = informers.of(ApiResource.POD_DISRUPTION_BUDGETS);
  }

  /// Whether nothing is protected.
  boolean isEmpty() {
    return informer.list().isEmpty();
  }

  /// Those of the Pods whose leaving would break a budget, if they all left in this order.
  Set<PodInfo> violated(List<PodInfo> leaving) {
    Set<PodInfo> violated = new LinkedHashSet<>();
    Map<String, Long> left = new HashMap<>();
    for (PodInfo pod : leaving) {
      for (Struct budget : informer.list(pod.key().namespace())) {
        boolean counted = budget.struct("status", "disruptedPods").has(pod.key().name());
        if (!counted && covers(budget, pod)) {
          long allowed =
              left.merge(
                  Meta.of(budget).uid(),
                  budget.integer("status", "disruptionsAllowed") - 1,
                  (before, _) -> before - 1);
          if (allowed < 0) {
            violated.add(pod);
          }
        }
      }
    }
    return violated;
  }

  private static boolean covers(Struct budget, PodInfo pod) {
    Struct labels = pod.template().labels();
    return budget.has("spec", "selector")
        && !labels.isEmpty()
        && LabelSelector.from(budget.struct("spec", "selector")).matches(labels);
  }
}
