package dev.tiphys.network.istio;

import dev.tiphys.network.istio.destinations.Destinations;
import dev.tiphys.network.istio.destinations.Place;
import dev.tiphys.network.router.streams.StreamRoute;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Condition;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What becomes of calls to a Service that no VirtualService is for: they go to its endpoints, as
/// the DestinationRules say that the caller sees.
///
/// @param destinations where those are found
/// @param source of routes that were made before
record PlainCalls(Destinations destinations, RouteSource source) {

  Port to(ObjectKey service, int number) {
    return new Port(new ServicePort(service, number), this);
  }

  /// A Service's port.
  record ServicePort(ObjectKey service, int number) {}

  private record Key(ServicePort port, String viewer) {}

  /// Calls to one port.
  record Port(ServicePort port, PlainCalls calls) {

    int number() {
      return port.number;
    }

    /// The routes for callers with a point of view.
    List<Route> routes(String viewer) {
      return calls.source.routes(new Key(port, viewer), port.service, () -> route(viewer));
    }

    private Route route(String viewer) {
      Action action = actions(viewer).of(Struct.EMPTY);
      Predicate<InetAddress> callers = callers(viewer);
      return new Route(
          "default",
          new PathMatch.Characters(""),
          callers == null ? List.of() : List.of(new Condition.Client(callers)),
          action == null ? HttpRoutes.NOT_FOUND : action);
    }

    /// Where connections go of callers with a point of view.
    StreamRoute.Rule rule(String viewer) {
      Split split = actions(viewer).split();
      return new StreamRoute.Rule(callers(viewer), split);
    }

    private @Nullable Predicate<InetAddress> callers(String viewer) {
      return new Callers(calls.destinations.catalog(), Place.mesh(port.number, viewer)).all();
    }

    private RouteActions actions(String viewer) {
      String host = calls.destinations.hosts().full(port.service);
      Struct destination = Struct.of("destination", Struct.of("host", host));
      return new RouteActions(
          Struct.of("route", List.of(destination)),
          port.service.namespace(),
          Surroundings.of(Place.mesh(port.number, viewer), calls.destinations));
    }
  }
}
