package dev.tiphys.network.istio;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.istio.Gateways.Server;
import dev.tiphys.network.istio.destinations.Destinations;
import dev.tiphys.network.istio.destinations.Place;
import dev.tiphys.network.istio.fields.Exports;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.streams.StreamRoute;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Rewrite;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// Plans what is served at which ports of the edge. Used once.
///
/// A Gateway serves the VirtualServices that are exported to its namespace.
final class EdgePlanner {

  private static final Route TO_HTTPS =
      new Route(
          "https-redirect",
          new PathMatch.Characters(""),
          new Action.Relocate(301, "https", null, 0, new Rewrite.OfPath.Keep()));

  private final Destinations destinations;
  private final RouteSource source;
  private final List<Struct> chosen;
  private final Map<Integer, SiteDraft> drafts = new TreeMap<>();

  /// @param chosen the VirtualServices, those first that go before others
  EdgePlanner(Destinations destinations, RouteSource source, List<Struct> chosen) {
    this.destinations = destinations;
    this.source = source;
    this.chosen = chosen;
  }

  /// @param usualPort for VirtualServices that name no Gateway
  /// @param servers those of the oldest Gateway first
  /// @param conflicts is told, with the Gateway, of servers that can't have their port
  List<Edge.Site> sites(int usualPort, List<Server> servers, BiConsumer<String, String> conflicts) {
    for (Struct each : chosen) {
      if (each.strings("spec", "gateways").isEmpty()) {
        addUsual(usualPort, each);
      }
    }
    for (Server server : servers) {
      SiteDraft draft = draft(server.port(), server.isSecure(), server.kind());
      String conflict = draft.conflict(server);
      if (conflict.isEmpty()) {
        add(draft, server);
      } else {
        conflicts.accept(server.gateway(), conflict);
      }
    }
    List<Edge.Site> sites = new ArrayList<>();
    for (SiteDraft each : drafts.values()) {
      Edge.Site site = each.site();
      if (site != null) {
        sites.add(site);
      }
    }
    return sites;
  }

  private SiteDraft draft(int port, boolean secure, Gateways.Kind kind) {
    return drafts.computeIfAbsent(
        port, _ -> new SiteDraft(source, port, secure, kind == Gateways.Kind.TCP));
  }

  private void addUsual(int port, Struct virtualService) {
    String namespace = Meta.of(virtualService).namespace();
    for (String host : virtualService.strings("spec", "hosts")) {
      String name = host.toLowerCase(Locale.ROOT);
      if (destinations.hosts().isInside(name, namespace) || destinations.isEntry(name)) {
        continue;
      }
      List<Route> routes =
          source.served(virtualService, Place.outside(port, namespace), Set.of()).http();
      if (!routes.isEmpty()) {
        draft(port, false, Gateways.Kind.HTTP).add(name, routes);
      }
    }
  }

  private void add(SiteDraft draft, Server server) {
    TlsSettings certificate = server.certificate();
    if (server.kind() == Gateways.Kind.HTTP) {
      draft.open();
    }
    for (String name : server.plainNames()) {
      if (certificate != null) {
        draft.certify(name, certificate);
      }
      if (server.toHttps()) {
        draft.add(name, List.of(TO_HTTPS));
      }
    }
    Place place = Place.ofGateway(server.gateway(), server.port());
    for (Struct each : chosen) {
      boolean bound = place.isIn(each.strings("spec", "gateways"), Meta.of(each).namespace());
      if (bound && !server.toHttps() && Exports.isVisible(each, server.namespace())) {
        add(draft, server, place, each);
      }
    }
    if (server.kind() == Gateways.Kind.PASSTHROUGH || server.kind() == Gateways.Kind.TERMINATED) {
      server.plainNames().forEach(draft::close);
    }
  }

  private void add(SiteDraft draft, Server server, Place place, Struct virtualService) {
    String namespace = Meta.of(virtualService).namespace();
    for (String host : virtualService.strings("spec", "hosts")) {
      Set<String> names = server.names(host.toLowerCase(Locale.ROOT), namespace);
      if (names.isEmpty()) {
        continue;
      }
      Made made = source.served(virtualService, place, Set.of());
      switch (server.kind()) {
        case HTTP -> names.forEach(name -> draft.add(name, made.http()));
        case TCP -> made.tcp().stream().limit(1).forEach(each -> draft.pass(route(each, false)));
        case TERMINATED ->
            made.tcp().stream()
                .limit(1)
                .forEach(
                    each ->
                        server.plainNames().forEach(name -> draft.pass(name, route(each, true))));
        case PASSTHROUGH ->
            made.tls()
                .forEach(
                    each -> each.names().forEach(name -> draft.pass(name, route(each, false))));
      }
    }
  }

  private static StreamRoute route(StreamRule rule, boolean terminates) {
    return new StreamRoute(List.of(rule.rule()), terminates);
  }
}
