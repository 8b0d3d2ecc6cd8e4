package dev.tiphys.apiserver.admission.podsecurity;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The Pods of a namespace that is to enforce more than before.
///
/// @param lookup where they are found
/// @param configuration which of them are exempt
record PresentPods(Lookup lookup, PodSecurityConfiguration configuration) {

  /// How many Pods are looked at. Looking takes microseconds for each, so no time limit is needed.
  private static final int MOST = 3_000;

  /// Which Pods would be refused now: those with the same fault together.
  List<String> warnings(String namespace, LevelVersion enforced) {
    List<Struct> pods = ordered(lookup.list("", "pods", namespace));
    Map<String, List<String>> offenders = new TreeMap<>();
    for (Struct pod : pods.subList(0, Math.min(MOST, pods.size()))) {
      List<Finding> findings = Checks.findings(enforced, PodParts.of(pod));
      if (!findings.isEmpty()) {
        offenders
            .computeIfAbsent(Finding.reasons(findings), _ -> new ArrayList<>())
            .add(Meta.of(pod).name());
      }
    }
    List<String> warnings = new ArrayList<>();
    if (pods.size() > MOST) {
      warnings.add(
          "new PodSecurity enforce level only checked against the first %d of %d existing pods"
              .formatted(MOST, pods.size()));
    }
    if (!offenders.isEmpty()) {
      warnings.add(
          "existing pods in namespace \"%s\" violate the new PodSecurity enforce level \"%s\""
              .formatted(namespace, enforced));
    }
    warnings.addAll(
        offenders.entrySet().stream()
            .map(each -> named(each.getValue()) + ": " + each.getKey())
            .sorted()
            .toList());
    return warnings;
  }

  private static String named(List<String> pods) {
    String first = pods.stream().min(String::compareTo).orElseThrow();
    return switch (pods.size()) {
      case 1 -> first;
      case 2 -> first + " (and 1 other pod)";
      default -> first + " (and " + (pods.size() - 1) + " other pods)";
    };
  }

  /// The Pods that are not exempt; of those with the same controller all but one come last.
  private List<Struct> ordered(List<Struct> pods) {
    List<Struct> first = new ArrayList<>();
    List<Struct> others = new ArrayList<>();
    Set<String> controllers = new HashSet<>();
    for (Struct pod : pods) {
      if (!configuration.runtimeClasses().contains(pod.string("spec", "runtimeClassName"))) {
        Struct controller = Meta.of(pod).controller();
        boolean isFirst = controller == null || controllers.add(controller.string("uid"));
        (isFirst ? first : others).add(pod);
      }
    }
    first.addAll(others);
    return first;
  }
}
