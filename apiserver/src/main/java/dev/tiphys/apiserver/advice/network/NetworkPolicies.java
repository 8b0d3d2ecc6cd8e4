package dev.tiphys.apiserver.advice.network;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Workload;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;
import java.util.Map;

/// Rules of NetworkPolicies that have no effect.
public final class NetworkPolicies {

  private static final Map<String, String> TYPES = Map.of("ingress", "Ingress", "egress", "Egress");

  private NetworkPolicies() {}

  /// Rules for a direction that the policy is not for.
  public static void types(Scene scene) {
    Place spec = scene.manifest().at("spec");
    List<String> types = spec.object().strings("policyTypes");
    for (String direction : List.of("ingress", "egress")) {
      String type = TYPES.getOrDefault(direction, "");
      boolean isUnused =
          !types.isEmpty() && !types.contains(type) && !spec.object().list(direction).isEmpty();
      if (isUnused) {
        scene.advise(
            spec.path(direction),
            "is not looked at, since policyTypes has no %s; add it there".formatted(type));
      }
    }
  }

  /// Ports by names that the selected Pods, whose workloads exist, do not have.
  public static void ports(Scene scene) {
    Place spec = scene.manifest().at("spec");
    LabelSelector selector = LabelSelector.from(spec.object().struct("podSelector"));
    List<Workload> selected =
        scene.workloads().stream()
            .filter(each -> selector.matches(each.template().labels()))
            .toList();
    if (selected.isEmpty()) {
      return;
    }
    for (Place rule : spec.items("ingress")) {
      for (Place port : rule.items("ports")) {
        if (port.object().get("port") instanceof String name
            && selected.stream().noneMatch(each -> each.template().hasPort(name))) {
          scene.advise(
              port.path("port"),
              "no container of %s has a port named \"%s\", so this lets nothing in; write the number, or give the name to a port"
                  .formatted(selected.getFirst().title(), name));
        }
      }
    }
  }
}
