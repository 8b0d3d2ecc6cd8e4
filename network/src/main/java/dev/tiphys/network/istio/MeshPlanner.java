package dev.tiphys.network.istio;

import dev.tiphys.network.istio.destinations.DestinationHosts;
import dev.tiphys.network.istio.destinations.Destinations;
import dev.tiphys.network.istio.destinations.Hosts;
import dev.tiphys.network.istio.destinations.Place;
import dev.tiphys.network.istio.fields.Exports;
import dev.tiphys.network.istio.fields.PortProtocol;
import dev.tiphys.network.mesh.Mesh;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Plans which ports of Services are governed, and what is served there. Used once.
///
/// A port is governed if a VirtualService has routes for what is spoken there, or a DestinationRule
/// says how its endpoints are used. The namespaces that see other rules than the rest have routes
/// of their own, which stand before those for all.
final class MeshPlanner {

  private final Destinations destinations;
  private final RouteSource source;
  private final Hosts hosts;
  private final HostIndex index;
  private final PlainCalls plain;
  private final Map<String, List<Struct>> outside;

  /// @param chosen the VirtualServices, those first that go before others
  MeshPlanner(Destinations destinations, RouteSource source, Iterable<Struct> chosen) {
    this.destinations = destinations;
    this.source = source;
    this.hosts = destinations.hosts();
    this.index = new HostIndex(hosts);
    this.plain = new PlainCalls(destinations, source);
    for (Struct each : chosen) {
      List<String> gateways = each.strings("spec", "gateways");
      if (gateways.isEmpty() || gateways.contains(Place.MESH)) {
        each.strings("spec", "hosts").forEach(host -> add(host, each));
      }
    }
    this.outside = index.outside();
  }

  private void add(String host, Struct virtualService) {
    for (Struct older : index.add(host, virtualService)) {
      if (hasHttp(virtualService) && hasHttp(older) && Exports.isForAll(older)) {
        source.problem(
            ObjectKey.of(virtualService),
            "between pods, host %s is routed by the older VirtualService %s"
                .formatted(
                    hosts.full(host, Meta.of(virtualService).namespace()), Meta.of(older).key()));
        return;
      }
    }
  }

  private static boolean hasHttp(Struct virtualService) {
    return !virtualService.structs("spec", "http").isEmpty();
  }

  List<Mesh.Governed> governed(List<Struct> services) {
    List<Mesh.Governed> governed = new ArrayList<>();
    if (index.isEmpty() && !destinations.hasPolicies()) {
      return governed;
    }
    for (Struct service : services) {
      ObjectKey key = ObjectKey.of(service);
      List<Struct> by = index.of(key);
      boolean ruled = destinations.hasPolicy(key);
      if (!by.isEmpty() || ruled) {
        add(governed, service, by, ruled);
      }
    }
    return governed;
  }

  /// @param ruled whether a DestinationRule says how endpoints are used
  private void add(List<Mesh.Governed> governed, Struct service, List<Struct> by, boolean ruled) {
    List<String> texts = service.strings("spec", "clusterIPs");
    List<InetAddress> addresses =
        texts.stream()
            .filter(text -> IpAddress.parse(text) != null)
            .map(InetAddress::ofLiteral)
            .toList();
    if (addresses.isEmpty()) {
      return; // callers find the Pods by themselves
    }
    ObjectKey key = ObjectKey.of(service);
    Set<String> viewers = viewers(key, by);
    for (Struct port : service.structs("spec", "ports")) {
      int number = (int) port.integer("port");
      PortProtocol protocol = PortProtocol.of(port);
      MeshStreams streams = new MeshStreams(source, plain.to(key, number), by, viewers);
      boolean requests =
          protocol.mayBeHttp() && (ruled || by.stream().anyMatch(MeshPlanner::hasHttp));
      if (!requests && !(ruled && protocol != PortProtocol.NONE) && !streams.has(protocol)) {
        continue;
      }
      List<VirtualHost> served =
          protocol.mayBeHttp() ? hosts(key, number, texts, by, viewers) : List.of();
      if (protocol == PortProtocol.HTTP || protocol == PortProtocol.HTTP_2) {
        governed.add(new Mesh.Governed(key.toString(), number, addresses, served));
        continue;
      }
      for (InetAddress address : addresses) {
        StreamTable passed = streams.table(protocol, address);
        governed.add(new Mesh.Governed(key.toString(), number, List.of(address), served, passed));
      }
    }
  }

  /// Usually none, so that nothing is looked for.
  private Set<String> viewers(ObjectKey service, List<Struct> by) {
    if (!destinations.hasViewers()) {
      return Set.of();
    }
    Set<String> names = new TreeSet<>(Set.of(hosts.full(service)));
    by.forEach(each -> DestinationHosts.addTo(names, each, destinations));
    return destinations.viewers(names);
  }

  private List<VirtualHost> hosts(
      ObjectKey service, int port, List<String> addresses, List<Struct> by, Set<String> viewers) {
    List<VirtualHost> served = new ArrayList<>();
    PlainCalls.Port own = plain.to(service, port);
    served.add(
        source.host(own.port(), ownNames(service, addresses), routes(own, by, viewers, true)));
    outside.forEach(
        (name, others) ->
            served.add(
                source.host(
                    new MeshName(name, own.port()),
                    List.of(HostName.of(name)),
                    routes(own, others, viewers(service, others), false))));
    served.add(
        source.host(
            new Rest(own.port()),
            List.of(new HostName.Any()),
            routes(own, List.of(), viewers, true)));
    return served;
  }

  private record MeshName(String name, PlainCalls.ServicePort port) {}

  private record Rest(PlainCalls.ServicePort port) {}

  /// The routes for all callers of a port under one name.
  ///
  /// @param by the VirtualServices for it
  /// @param own whether what none of them is for goes to the Service
  private List<Route> routes(
      PlainCalls.Port port, List<Struct> by, Set<String> viewers, boolean own) {
    List<Route> routes = new ArrayList<>();
    for (String viewer : viewers) {
      addFor(routes, Place.mesh(port.number(), viewer), port, by, viewers, own);
    }
    addFor(routes, Place.mesh(port.number(), ""), port, by, viewers, own);
    return routes;
  }

  private void addFor(
      List<Route> routes,
      Place place,
      PlainCalls.Port port,
      List<Struct> by,
      Set<String> viewers,
      boolean own) {
    for (Struct each : by) {
      List<Route> made = hasHttp(each) ? source.served(each, place, viewers).http() : List.of();
      routes.addAll(made);
      if (!made.isEmpty() && Exports.isForAll(each)) {
        return; // the next one is for none of these callers
      }
    }
    if (own) {
      routes.addAll(port.routes(place.viewer()));
    }
  }

  private List<HostName> ownNames(ObjectKey service, List<String> addresses) {
    Set<String> names = new LinkedHashSet<>();
    names.add(service.name());
    names.add(service.name() + "." + service.namespace());
    names.add(service.name() + "." + service.namespace() + ".svc");
    names.add(hosts.full(service));
    for (String address : addresses) {
      names.add(address.indexOf(':') < 0 ? address : "[" + address + "]");
    }
    return names.stream().map(HostName::of).toList();
  }
}
