package dev.tiphys.apiserver.conversion;

import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;

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
      default -> {
        if (!areAlike(served, stored)) {
          throw new IllegalArgumentException("no conversion from " + served + " to " + stored);
        }
        yield Conversion.renaming(served, stored);
      }
    };
  }

  /// Versions before the stable one look like it, unless they have a conversion of their own.
  private static boolean areAlike(Resource served, Resource stored) {
    return served.groupResource().equals(stored.groupResource())
        && served.schema() instanceof Type one
        && stored.schema() instanceof Type other
        && one.stableName().equals(other.stableName());
  }
}
