package dev.tiphys.apiserver.conversion;

import dev.tiphys.schema.Resource;

/// The conversions between served and stored versions of the built-in kinds.
public final class Conversions {

  /// The conversion between a served version and the stored one.
  public Conversion between(Resource served, Resource stored) {
    if (served.schema().equals(stored.schema())) {
      return Conversion.renaming(served, stored);
    }
    return switch (served.groupVersion() + " " + served.kind()) {
      case "events.k8s.io/v1 Event" -> new EventConversion();
      case "autoscaling/v1 HorizontalPodAutoscaler" -> new AutoscalerConversion();
      case "resource.k8s.io/v1alpha3 DeviceTaintRule", "resource.k8s.io/v1beta2 DeviceTaintRule" ->
          Conversion.renaming(served, stored);
      default ->
          throw new IllegalArgumentException("no conversion from " + served + " to " + stored);
    };
  }
}
