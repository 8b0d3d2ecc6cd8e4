package dev.tiphys.network.istio;

import dev.tiphys.network.istio.destinations.Destinations;
import dev.tiphys.network.istio.destinations.Place;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// What VirtualServices come to at places. What is in the way of one is noted.
///
/// Of one plan; not shared between threads.
final class RouteSource {

  private static final Route NONE =
      new Route("none", new PathMatch.Characters(""), HttpRoutes.NOT_FOUND);

  private final Destinations destinations;
  private final MadeRoutes known;
  private final Map<ObjectKey, Set<String>> missing = new HashMap<>();
  private final Map<ObjectKey, Set<String>> problems = new HashMap<>();

  /// @param known what was made before
  RouteSource(Destinations destinations, MadeRoutes known) {
    this.destinations = destinations;
    this.known = known;
  }

  /// Of a VirtualService as of a place.
  private record At(ObjectKey virtualService, Place place) {}

  /// What a VirtualService comes to at a place; nothing is noted.
  Made made(Struct virtualService, Place place) {
    return HttpRoutes.delegates(virtualService)
        ? Made.of(virtualService, place, destinations)
        : known.of(
            new At(ObjectKey.of(virtualService), place),
            virtualService.struct("spec"),
            () -> Made.of(virtualService, place, destinations));
  }

  /// What a VirtualService comes to at a place where it is served.
  ///
  /// @param viewers the namespaces that see destinations otherwise than the rest: what is missing
  ///   is told as the VirtualService's own namespace sees it
  Made served(Struct virtualService, Place place, Set<String> viewers) {
    Made made = made(virtualService, place);
    String own = Meta.of(virtualService).namespace();
    ObjectKey key = ObjectKey.of(virtualService);
    if (!place.isBetweenPods() || place.viewer().equals(viewers.contains(own) ? own : "")) {
      missing(key, made.missing());
    }
    made.problems().forEach(each -> problem(key, each));
    return made;
  }

  /// A route that depends on no VirtualService, made once.
  ///
  /// @param what is made; one that is equal is the same
  List<Route> routes(Object what, ObjectKey from, Supplier<Route> make) {
    return known.of(what, from, () -> Made.of(List.of(make.get()))).http();
  }

  /// A host, at which what no route is for is not found.
  ///
  /// @param where it is served
  VirtualHost host(Object where, List<HostName> names, List<Route> routes) {
    List<Route> all = new ArrayList<>(routes);
    all.add(NONE);
    return known.host(where, names, all);
  }

  void missing(ObjectKey virtualService, Set<String> destinations) {
    missing.computeIfAbsent(virtualService, _ -> new LinkedHashSet<>()).addAll(destinations);
  }

  void problem(ObjectKey virtualService, String problem) {
    problems.computeIfAbsent(virtualService, _ -> new LinkedHashSet<>()).add(problem);
  }

  /// The destinations without endpoints that were noted.
  List<String> missing(ObjectKey virtualService) {
    return List.copyOf(missing.getOrDefault(virtualService, Set.of()));
  }

  /// What else was noted.
  List<String> problems(ObjectKey virtualService) {
    return List.copyOf(problems.getOrDefault(virtualService, Set.of()));
  }
}
