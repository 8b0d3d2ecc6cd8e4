package dev.tiphys.apiserver.advice.workloads;

import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.apiserver.advice.manifest.Workload;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;

/// Selectors that take what belongs to others.
public final class Selectors {

  private Selectors() {}

  /// Two workloads, one of which selects the Pods of the other.
  public static void overlap(Scene scene, Template pods) {
    LabelSelector own = Workload.selectorOf(Workload.kindOf(scene.resource()), scene.object());
    for (Workload other : scene.workloads()) {
      if (own.matches(other.template().labels())) {
        scene.advise(
            "spec.selector",
            "also selects the Pods of %s, so budgets and autoscalers of this one count them too; add a label that only these Pods have"
                .formatted(other.title()));
      } else if (other.selector().matches(pods.labels())) {
        scene.advise(
            pods.pod().path("metadata.labels"),
            "%s selects these Pods too, so its budgets and autoscalers count them; leave out a label that it selects"
                .formatted(other.title()));
      }
    }
  }

  /// A Pod that a controller takes over, and perhaps deletes since there is one too many.
  public static void adoption(Scene scene, Template pod) {
    if (Meta.of(scene.object()).controller() != null || scene.old() != null) {
      return;
    }
    for (Workload other : scene.workloads()) {
      boolean adopts = other.kind().startsWith("Replica");
      if (adopts && other.selector().matches(pod.labels())) {
        scene.advise(
            "metadata.labels",
            "%s selects this Pod, will take it over, and delete a Pod if there are more than it wants; leave out a label that it selects"
                .formatted(other.title()));
      }
    }
  }
}
