package dev.tiphys.network.istio;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.istio.Gateways.Kind;
import dev.tiphys.network.istio.Gateways.Server;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.streams.StreamRoute;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.VirtualHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A port of the edge in the making: the routes of several objects for one host are joined.
final class SiteDraft {

  private static final StreamRoute NOWHERE = new StreamRoute(new Split(List.of()), false);

  private final RouteSource source;
  private final int port;
  private final boolean secure;
  private final boolean raw;
  private final Map<String, List<Route>> routes = new LinkedHashMap<>();
  private final Map<String, TlsSettings> certificates = new HashMap<>();
  private final Map<HostName, Optional<StreamRoute>> byName = new LinkedHashMap<>();
  private final List<String> closed = new ArrayList<>();
  private boolean open;
  private @Nullable StreamRoute every;

  /// @param secure whether clients speak TLS
  /// @param raw whether connections are passed on, whatever is spoken
  SiteDraft(RouteSource source, int port, boolean secure, boolean raw) {
    this.source = source;
    this.port = port;
    this.secure = secure;
    this.raw = raw;
  }

  private record EdgeName(String name, int port) {}

  /// Why a Gateway's server can't be served at this port, which is another's too; empty if it can.
  String conflict(Server server) {
    if (server.isSecure() != secure || (server.kind() == Kind.TCP) != raw) {
      return "port %d is served %s for an older server"
          .formatted(port, raw ? "as TCP" : secure ? "with TLS" : "with HTTP, without TLS");
    }
    return "";
  }

  void add(String name, List<Route> more) {
    open = true;
    routes.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(more);
  }

  /// Ends TLS for a name.
  void certify(String name, TlsSettings certificate) {
    certificates.putIfAbsent(name, certificate);
  }

  /// Passes on all connections, unless that was said before.
  void pass(StreamRoute route) {
    every = every == null ? route : every;
  }

  /// Passes on those for a name, unless that was said before.
  void pass(String name, StreamRoute route) {
    byName.putIfAbsent(HostName.of(name), Optional.of(route));
  }

  /// Reads requests, though there may be no route for any.
  void open() {
    open = true;
  }

  /// Closes those for a name that are not passed on: no request is read of them.
  void close(String name) {
    closed.add(name);
  }

  /// Null if nothing would be served.
  Edge.@Nullable Site site() {
    if (raw) {
      return every == null
          ? null
          : new Edge.Site(port, false, List.of(), Map.of(), StreamTable.ofAll(every), false);
    }
    List<VirtualHost> hosts = new ArrayList<>(routes.size());
    routes.forEach(
        (name, each) ->
            hosts.add(source.host(new EdgeName(name, port), List.of(HostName.of(name)), each)));
    if (byName.isEmpty() && closed.isEmpty() && !open) {
      return null;
    }
    if (!byName.isEmpty() || !closed.isEmpty()) {
      leaveToHttp(routes.keySet());
      closed.forEach(name -> pass(name, NOWHERE));
      leaveToHttp(certificates.keySet());
    }
    return new Edge.Site(port, secure, hosts, shown(), StreamTable.ofNames(byName), false);
  }

  /// As [Edge.Site] takes them: a wildcard of a Gateway is for names at any depth.
  private Map<String, TlsSettings> shown() {
    Map<String, TlsSettings> shown = new HashMap<>();
    certificates.forEach(
        (name, each) -> shown.put(name.startsWith("*.") ? name.substring(1) : name, each));
    return shown;
  }

  private void leaveToHttp(Set<String> names) {
    names.forEach(name -> byName.putIfAbsent(HostName.of(name), Optional.empty()));
  }
}
