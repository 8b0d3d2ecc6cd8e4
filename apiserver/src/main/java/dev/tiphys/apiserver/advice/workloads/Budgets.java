package dev.tiphys.apiserver.advice.workloads;

import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.apiserver.advice.manifest.Workload;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;
import java.util.Set;

/// Budgets that no Pod may be evicted by, so that nodes can't be drained.
public final class Budgets {

  /// What budgets know the size of.
  private static final Set<String> SIZED =
      Set.of("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController");

  private Budgets() {}

  /// A budget, beside the workloads that it is for.
  public static void ofBudget(Scene scene) {
    Struct spec = scene.object().struct("spec");
    if (!spec.has("selector")) {
      scene.advise(
          "spec.selector",
          "no selector selects no Pod, so nothing is protected; write matchLabels");
      return;
    }
    LabelSelector selector = LabelSelector.from(spec.struct("selector"));
    List<Workload> meant =
        scene.workloads().stream()
            .filter(each -> selector.matches(each.template().labels()))
            .toList();
    String never = never(spec);
    if (!never.isEmpty()) {
      scene.advise(
          "spec." + never,
          "lets no Pod be evicted, so drains of nodes wait for ever; write maxUnavailable: 1");
    } else if (!meant.isEmpty() && meant.stream().allMatch(each -> isFixed(scene, each))) {
      long replicas =
          meant.stream().mapToLong(each -> each.object().integer("spec", "replicas")).sum();
      if (keepsAll(spec, replicas)) {
        scene.advise(
            "spec.minAvailable",
            "keeps all %d replicas of %s, so none can be evicted and drains of nodes wait for ever; write less, or maxUnavailable: 1"
                .formatted(replicas, meant.getFirst().title()));
      }
    }
    twice(scene, meant);
  }

  /// Pods with two budgets are not evicted at all.
  private static void twice(Scene scene, List<Workload> meant) {
    for (Struct other : scene.list("policy", "poddisruptionbudgets")) {
      String name = other.string("metadata", "name");
      if (name.equals(scene.name()) || !other.has("spec", "selector")) {
        continue;
      }
      LabelSelector selector = LabelSelector.from(other.struct("spec", "selector"));
      for (Workload each : meant) {
        if (selector.matches(each.template().labels())) {
          scene.advise(
              "spec.selector",
              "PodDisruptionBudget \"%s\" selects the Pods of %s too, and Pods with two budgets can't be evicted; leave one"
                  .formatted(name, each.title()));
          return;
        }
      }
    }
  }

  /// A workload, beside the budgets that it is meant by.
  public static void ofWorkload(Scene scene, Template pods) {
    if (!SIZED.contains(Workload.kindOf(scene.resource()))) {
      return;
    }
    long replicas = scene.object().integer("spec", "replicas");
    for (Struct budget : scene.list("policy", "poddisruptionbudgets")) {
      Struct spec = budget.struct("spec");
      if (!spec.has("selector")) {
        continue;
      }
      LabelSelector selector = LabelSelector.from(spec.struct("selector"));
      if (selector.matches(pods.labels())
          && keepsAll(spec, replicas)
          && scene.workloads().stream()
              .noneMatch(each -> selector.matches(each.template().labels()))
          && !isScaled(scene, Workload.kindOf(scene.resource()), scene.name())) {
        scene.advise(
            "spec.replicas",
            "PodDisruptionBudget \"%s\" keeps minAvailable: %s, so none of %d replicas can be evicted and drains of nodes wait for ever; write more replicas, or maxUnavailable: 1 in the budget"
                .formatted(budget.string("metadata", "name"), spec.get("minAvailable"), replicas));
      }
    }
  }

  private static boolean isFixed(Scene scene, Workload workload) {
    return SIZED.contains(workload.kind()) && !isScaled(scene, workload.kind(), workload.name());
  }

  private static boolean isScaled(Scene scene, String kind, String name) {
    return scene.list("autoscaling", "horizontalpodautoscalers").stream()
        .anyMatch(each -> Autoscalers.targets(each, kind, name));
  }

  /// The field by which a budget lets nothing go, whatever it is for.
  private static String never(Struct spec) {
    Object most = spec.get("maxUnavailable");
    if (most != null && amount(most, 100) == 0) {
      return "maxUnavailable";
    }
    return "100%".equals(spec.get("minAvailable")) ? "minAvailable" : "";
  }

  private static boolean keepsAll(Struct spec, long replicas) {
    Object least = spec.get("minAvailable");
    return least != null && replicas > 0 && amount(least, replicas) >= replicas;
  }

  /// A number, or a percentage of all, rounded up.
  private static long amount(Object value, long all) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    String text = String.valueOf(value).replace("%", "");
    return text.chars().allMatch(c -> c >= '0' && c <= '9') && !text.isEmpty() && text.length() < 6
        ? (Long.parseLong(text) * all + 99) / 100
        : 1;
  }
}
