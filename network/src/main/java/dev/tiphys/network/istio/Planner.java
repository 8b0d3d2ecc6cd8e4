package dev.tiphys.network.istio;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.istio.fields.Exports;
import dev.tiphys.network.istio.fields.PortProtocol;
import dev.tiphys.network.mesh.Mesh;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Rewrite;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Plans what is served where. Used once.
///
/// A VirtualService is served where its `gateways` say: at the edge, between Pods, or both. One
/// that names no gateways is for calls between Pods; as far as its hosts are no names of the
/// cluster, callers can only mean the edge by them, and it is served there at the usual port.
final class Planner {

  private final Destinations destinations;
  private final MadeRoutes known;
  private final Hosts hosts;
  private final int usualPort;
  private final List<Struct> services;
  private final List<Gateways.Server> servers = new ArrayList<>();
  private final List<Plan.Report> reports = new ArrayList<>();
  private final Map<ObjectKey, Struct> chosen = new LinkedHashMap<>();
  private final Map<ObjectKey, Set<String>> missing = new HashMap<>();
  private final Map<ObjectKey, Set<String>> problems = new HashMap<>();

  /// @param known what was made before
  /// @param usualPort the port of the edge for VirtualServices that name no Gateway
  /// @param secrets by namespace and name
  Planner(
      Destinations destinations,
      MadeRoutes known,
      int usualPort,
      List<Struct> services,
      List<Struct> gateways,
      BiFunction<String, String, @Nullable Struct> secrets) {
    this.destinations = destinations;
    this.known = known;
    this.hosts = destinations.hosts();
    this.usualPort = usualPort;
    this.services = services;
    for (Struct gateway : gateways.stream().sorted(Age.OLDEST_FIRST).toList()) {
      Set<String> found = new LinkedHashSet<>();
      servers.addAll(Gateways.servers(gateway, secrets, found));
      reports.add(new Plan.Report(gateway, null, List.of(), List.copyOf(found)));
    }
  }

  /// @param all the VirtualServices of the cluster, those first that go before others
  /// @param before those that are served now, as they are served
  Plan plan(List<Struct> all, Map<ObjectKey, Struct> before) {
    Map<ObjectKey, Struct> held = new HashMap<>();
    for (Struct each : all) {
      ObjectKey key = ObjectKey.of(each);
      Struct last = before.get(key);
      boolean hold = last != null && !sameSpec(last, each) && lacks(each) && !lacks(last);
      chosen.put(key, hold ? last : each);
      if (hold && last != null) {
        held.put(key, last.struct("spec"));
        missing.put(key, made(each, anyPlace(each)).missing());
      }
    }
    List<Mesh.Governed> governed = governed();
    List<Edge.Site> sites = sites();
    for (Struct each : all) {
      ObjectKey key = ObjectKey.of(each);
      reports.add(
          new Plan.Report(
              each,
              held.get(key),
              List.copyOf(missing.getOrDefault(key, Set.of())),
              List.copyOf(problems.getOrDefault(key, Set.of()))));
    }
    long revision =
        chosen.values().stream().mapToLong(each -> Meta.of(each).revision()).max().orElse(0);
    return new Plan(Long.toString(revision), sites, governed, Map.copyOf(chosen), reports);
  }

  private static boolean sameSpec(Struct one, Struct other) {
    return one.struct("spec").equals(other.struct("spec"));
  }

  private boolean lacks(Struct virtualService) {
    return !made(virtualService, anyPlace(virtualService)).missing().isEmpty();
  }

  /// Of a VirtualService as of a place.
  private record At(ObjectKey virtualService, Place place) {}

  private HttpRoutes.Made made(Struct virtualService, Place place) {
    return HttpRoutes.delegates(virtualService)
        ? HttpRoutes.of(virtualService, place, destinations)
        : known.of(
            new At(ObjectKey.of(virtualService), place),
            virtualService.struct("spec"),
            () -> HttpRoutes.of(virtualService, place, destinations));
  }

  /// A place by which to see whether destinations have endpoints: the port of the Service that is
  /// governed, if it has one port.
  private Place anyPlace(Struct virtualService) {
    for (String host : virtualService.strings("spec", "hosts")) {
      ObjectKey key = hosts.service(host, Meta.of(virtualService).namespace());
      Struct service = key == null ? null : destinations.catalog().service(key);
      if (service != null && !service.structs("spec", "ports").isEmpty()) {
        return new Place(
            Place.MESH, (int) service.structs("spec", "ports").getFirst().integer("port"));
      }
    }
    return new Place(Place.MESH, usualPort);
  }

  /// The routes of a VirtualService at a place; what is in the way is noted.
  private List<Route> routes(Struct virtualService, Place place) {
    HttpRoutes.Made made = made(virtualService, place);
    ObjectKey key = ObjectKey.of(virtualService);
    missing.computeIfAbsent(key, _ -> new LinkedHashSet<>()).addAll(made.missing());
    problems.computeIfAbsent(key, _ -> new LinkedHashSet<>()).addAll(made.problems());
    return made.routes();
  }

  private static List<String> gateways(Struct virtualService) {
    return virtualService.strings("spec", "gateways");
  }

  private static boolean isForMesh(Struct virtualService) {
    List<String> gateways = gateways(virtualService);
    return gateways.isEmpty() || gateways.contains(Place.MESH);
  }

  // Between Pods

  private List<Mesh.Governed> governed() {
    Map<String, Struct> byHost = new HashMap<>();
    Map<String, Struct> byPattern = new TreeMap<>(Planner::longestFirst);
    for (Struct each : chosen.values()) {
      if (!isForMesh(each)) {
        continue;
      }
      for (String host : each.strings("spec", "hosts")) {
        String full = hosts.full(host, Meta.of(each).namespace());
        Struct older = (full.startsWith("*") ? byPattern : byHost).putIfAbsent(full, each);
        if (older != null) {
          problems
              .computeIfAbsent(ObjectKey.of(each), _ -> new LinkedHashSet<>())
              .add(
                  "between pods, host %s is routed by the older VirtualService %s"
                      .formatted(host, Meta.of(older).key()));
        }
      }
    }
    List<Mesh.Governed> governed = new ArrayList<>();
    if (byHost.isEmpty() && byPattern.isEmpty()) {
      return governed;
    }
    Map<String, Struct> outside = new HashMap<>(byHost);
    outside.keySet().removeIf(name -> hosts.service(name, "") != null);
    for (Struct service : services) {
      Struct by = byHost.get(hosts.full(ObjectKey.of(service)));
      if (by == null) {
        by = byPattern(byPattern, hosts.full(ObjectKey.of(service)));
      }
      if (by != null) {
        addGoverned(governed, service, by, outside);
      }
    }
    return governed;
  }

  private static int longestFirst(String one, String other) {
    int byLength = Integer.compare(other.length(), one.length());
    return byLength == 0 ? one.compareTo(other) : byLength;
  }

  private static @Nullable Struct byPattern(Map<String, Struct> patterns, String host) {
    for (Map.Entry<String, Struct> each : patterns.entrySet()) {
      if (Hosts.covers(each.getKey(), host)) {
        return each.getValue();
      }
    }
    return null;
  }

  /// @param outside the VirtualServices of names that are no Service's
  private void addGoverned(
      List<Mesh.Governed> governed, Struct service, Struct by, Map<String, Struct> outside) {
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
    for (Struct port : service.structs("spec", "ports")) {
      if (PortProtocol.of(port) == PortProtocol.OTHER) {
        continue;
      }
      int number = (int) port.integer("port");
      Place place = new Place(Place.MESH, number);
      List<VirtualHost> served = new ArrayList<>();
      ServicePort own = new ServicePort(key, number);
      List<Route> rest = known.of(new Rest(own), key, () -> plain(key, number)).routes();
      List<Route> routes = new ArrayList<>(routes(by, place));
      if (!Exports.isForAll(by)) {
        routes.addAll(rest);
      }
      served.add(host(own, ownNames(key, texts), routes));
      outside.forEach(
          (name, other) ->
              served.add(
                  host(
                      new MeshName(name, number),
                      List.of(HostName.of(name)),
                      routes(other, place))));
      served.add(known.host(new Rest(own), List.of(new HostName.Any()), rest));
      governed.add(new Mesh.Governed(key.toString(), number, addresses, served));
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

  /// What becomes of requests to a Service under a name that no VirtualService has.
  private HttpRoutes.Made plain(ObjectKey service, int port) {
    Struct destination = Struct.of("destination", Struct.of("host", hosts.full(service)));
    RouteActions actions =
        new RouteActions(
            Struct.of("route", List.of(destination)),
            service.namespace(),
            port,
            destinations,
            new LinkedHashSet<>(),
            new LinkedHashSet<>());
    Action action = actions.of(Struct.EMPTY);
    Route route =
        new Route("default", new PathMatch.Characters(""), action == null ? NOT_FOUND : action);
    return new HttpRoutes.Made(List.of(route), Set.of(), Set.of());
  }

  /// Where hosts are served between Pods: a Service under its own names, a name at all Services
  /// with that port, and a Service under any other name.
  private record ServicePort(ObjectKey service, int port) {}

  private record MeshName(String name, int port) {}

  private record Rest(ServicePort port) {}

  private record EdgeName(String name, int port) {}

  // At the edge

  private List<Edge.Site> sites() {
    Map<Integer, SiteDraft> drafts = new TreeMap<>();
    for (Struct each : chosen.values()) {
      if (gateways(each).isEmpty()) {
        addUsual(drafts, each);
      }
    }
    for (Gateways.Server server : servers) {
      addServer(drafts, server);
    }
    return drafts.entrySet().stream().map(each -> each.getValue().site(each.getKey())).toList();
  }

  private void addUsual(Map<Integer, SiteDraft> drafts, Struct virtualService) {
    String namespace = Meta.of(virtualService).namespace();
    for (String host : virtualService.strings("spec", "hosts")) {
      String name = host.toLowerCase(Locale.ROOT);
      if (hosts.isInside(name, namespace) || destinations.entry(name) != null) {
        continue;
      }
      drafts
          .computeIfAbsent(usualPort, _ -> new SiteDraft())
          .add(name, routes(virtualService, new Place(Place.MESH, usualPort, true)));
    }
  }

  private void addServer(Map<Integer, SiteDraft> drafts, Gateways.Server server) {
    SiteDraft draft = drafts.computeIfAbsent(server.port(), _ -> new SiteDraft());
    TlsSettings certificate = server.certificate();
    for (String name : server.plainNames()) {
      if (certificate != null) {
        draft.certificates.putIfAbsent(name, certificate);
      }
      if (server.toHttps()) {
        draft.add(name, List.of(TO_HTTPS));
      }
    }
    Place place = new Place(server.gateway(), server.port());
    for (Struct each : chosen.values()) {
      String namespace = Meta.of(each).namespace();
      if (server.toHttps() || !place.isIn(gateways(each), namespace)) {
        continue;
      }
      for (String host : each.strings("spec", "hosts")) {
        for (String name : server.names(host.toLowerCase(Locale.ROOT), namespace)) {
          draft.add(name, routes(each, place));
        }
      }
    }
  }

  private static final Action NOT_FOUND = new Action.Respond(404, "text/plain", "");

  private static final Route TO_HTTPS =
      new Route(
          "https-redirect",
          new PathMatch.Characters(""),
          new Action.Relocate(301, "https", null, 0, new Rewrite.OfPath.Keep()));

  private static final Route NONE = new Route("none", new PathMatch.Characters(""), NOT_FOUND);

  private VirtualHost host(Object where, List<HostName> names, List<Route> routes) {
    List<Route> all = new ArrayList<>(routes);
    all.add(NONE);
    return known.host(where, names, all);
  }

  /// A port of the edge in the making: the routes of several objects for one host are joined.
  private final class SiteDraft {
    private final Map<String, List<Route>> routes = new LinkedHashMap<>();
    private final Map<String, TlsSettings> certificates = new HashMap<>();

    void add(String name, List<Route> more) {
      routes.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(more);
    }

    Edge.Site site(int port) {
      List<VirtualHost> hosts = new ArrayList<>(routes.size());
      routes.forEach(
          (name, each) ->
              hosts.add(host(new EdgeName(name, port), List.of(HostName.of(name)), each)));
      return new Edge.Site(port, !certificates.isEmpty(), hosts, certificates);
    }
  }
}
