package dev.tiphys.network.istio;

import dev.tiphys.network.istio.destinations.Destinations;
import dev.tiphys.network.istio.destinations.Place;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Set;

/// What came of a VirtualService at a place.
///
/// @param http the routes of requests
/// @param tcp where connections go, the first rule that fits
/// @param tls where connections go by the name that is asked for
/// @param missing destinations that get requests and have no endpoints
/// @param problems what else can't be kept
record Made(
    List<Route> http,
    List<StreamRule> tcp,
    List<StreamRule> tls,
    Set<String> missing,
    Set<String> problems) {

  static Made of(Struct virtualService, Place place, Destinations destinations) {
    Surroundings in = Surroundings.of(place, destinations);
    StreamRoutes streams = new StreamRoutes(virtualService, in);
    return new Made(
        HttpRoutes.of(virtualService, in),
        streams.tcp(),
        streams.tls(),
        in.missing(),
        in.problems());
  }

  /// Requests alone, of which there is nothing to say.
  static Made of(List<Route> http) {
    return new Made(http, List.of(), List.of(), Set.of(), Set.of());
  }
}
