package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// Pods keep others away from their node at most, and not from its zone: upstream's plugin
/// LimitPodHardAntiAffinityTopology.
public final class AntiAffinityLimit implements Admission {

  private static final String NODE = "kubernetes.io/hostname";

  @Override
  public void validate(Request request, Struct pod, @Nullable Struct old) {
    boolean writes =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    if (!writes || !request.isOn("", "pods")) {
      return;
    }
    for (Struct term :
        pod.structs(
            "spec",
            "affinity",
            "podAntiAffinity",
            "requiredDuringSchedulingIgnoredDuringExecution")) {
      String key = term.string("topologyKey");
      if (!key.equals(NODE)) {
        throw request.forbidden(
            pod,
            "affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey "
                + key
                + " but only key "
                + NODE
                + " is allowed");
      }
    }
  }
}
