package dev.tiphys.scheduler.cluster;

import dev.tiphys.object.Struct;
import java.util.List;

/// What a Pod demands and wishes of the Pods around it.
public record PodAffinity(
    List<AffinityTerm> near,
    List<AffinityTerm> far,
    List<AffinityTerm> ratherNear,
    List<AffinityTerm> ratherFar) {

  static PodAffinity of(Struct spec, String namespace, Struct labels) {
    Struct near = spec.struct("affinity", "podAffinity");
    Struct far = spec.struct("affinity", "podAntiAffinity");
    return new PodAffinity(
        AffinityTerm.required(near, namespace, labels),
        AffinityTerm.required(far, namespace, labels),
        AffinityTerm.preferred(near, namespace, labels),
        AffinityTerm.preferred(far, namespace, labels));
  }

  public boolean isEmpty() {
    return near.isEmpty() && far.isEmpty() && ratherNear.isEmpty() && ratherFar.isEmpty();
  }
}
