package dev.tiphys.delivery.traffic.istio;

import dev.tiphys.object.Struct;
import java.util.List;

/// By what the destinations of canary and stable version are known.
///
/// @param canaryService empty if subsets alone tell them apart
/// @param canarySubset empty if Services alone do
/// @param additional subsets whose shares are the user's own; what they have, the stable version
///   does not
record Sides(
    String canaryService,
    String canarySubset,
    String stableService,
    String stableSubset,
    List<String> additional) {

  boolean isCanary(Struct route) {
    return matches(route, canaryService, canarySubset);
  }

  boolean isStable(Struct route) {
    return matches(route, stableService, stableSubset);
  }

  boolean isAdditional(Struct route) {
    return !isCanary(route)
        && !isStable(route)
        && additional.contains(route.string("destination", "subset"));
  }

  private static boolean matches(Struct route, String service, String subset) {
    Struct destination = route.struct("destination");
    String host = destination.string("host");
    int dot = host.indexOf('.');
    String name = dot < 0 ? host : host.substring(0, dot);
    return subset.isEmpty()
        ? !service.isEmpty() && name.equals(service)
        : destination.string("subset").equals(subset);
  }
}
