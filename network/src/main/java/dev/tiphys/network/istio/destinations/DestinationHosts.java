package dev.tiphys.network.istio.destinations;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.List;
import java.util.Set;

/// To which hosts a VirtualService may send anything.
public final class DestinationHosts {

  private final Destinations destinations;
  private final Set<String> names;

  private DestinationHosts(Destinations destinations, Set<String> names) {
    this.destinations = destinations;
    this.names = names;
  }

  /// Adds the full names of those of a VirtualService, and of those that it leaves routes to.
  public static void addTo(Set<String> names, Struct virtualService, Destinations destinations) {
    DestinationHosts hosts = new DestinationHosts(destinations, names);
    hosts.addOf(virtualService);
    String namespace = Meta.of(virtualService).namespace();
    for (Struct route : virtualService.structs("spec", "http")) {
      Struct delegate =
          route.has("delegate")
              ? destinations.catalog().virtualService(delegate(route, namespace))
              : null;
      if (delegate != null) {
        hosts.addOf(delegate);
      }
    }
  }

  /// Which VirtualService a route is left to.
  ///
  /// @param namespace of the object that the route is from
  public static ObjectKey delegate(Struct route, String namespace) {
    String named = route.string("delegate", "namespace");
    return new ObjectKey(named.isEmpty() ? namespace : named, route.string("delegate", "name"));
  }

  private void addOf(Struct virtualService) {
    String namespace = Meta.of(virtualService).namespace();
    for (String kind : List.of("http", "tls", "tcp")) {
      for (Struct route : virtualService.structs("spec", kind)) {
        route.structs("route").forEach(each -> add(each.struct("destination"), namespace));
        route.structs("mirrors").forEach(each -> add(each.struct("destination"), namespace));
        add(route.struct("mirror"), namespace);
      }
    }
  }

  private void add(Struct destination, String namespace) {
    if (destination.has("host")) {
      names.add(destinations.hosts().full(destination.string("host"), namespace));
    }
  }
}
