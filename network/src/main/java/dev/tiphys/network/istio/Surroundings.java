package dev.tiphys.network.istio;

import dev.tiphys.network.istio.destinations.Destinations;
import dev.tiphys.network.istio.destinations.Place;
import java.util.LinkedHashSet;
import java.util.Set;

/// What the routes of an object are made in, and what is noted meanwhile.
///
/// @param place where clients call
/// @param destinations what routes may lead to
/// @param missing is told of destinations that get requests or connections and have no endpoints
/// @param problems is told of what else can't be kept
record Surroundings(
    Place place, Destinations destinations, Set<String> missing, Set<String> problems) {

  /// Those in which nothing is noted yet.
  static Surroundings of(Place place, Destinations destinations) {
    return new Surroundings(place, destinations, new LinkedHashSet<>(), new LinkedHashSet<>());
  }

  /// Who calls at the place.
  Callers callers() {
    return new Callers(destinations.catalog(), place);
  }
}
