package dev.tiphys.network.gatewayapi;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.gatewayapi.fields.Age;
import dev.tiphys.network.gatewayapi.fields.Expressions;
import dev.tiphys.network.gatewayapi.fields.Hostnames;
import dev.tiphys.network.router.filters.Misdirected;
import dev.tiphys.network.router.filters.Refusal;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.streams.StreamRoute;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes what is served at each port, out of listeners and the routes at them, and remembers what
/// it was made of.
///
/// A request belongs to the most specific listener of a Gateway that its host fits; what is
/// attached to others is not for it, even if nothing there matches. Gateways that share a port
/// share the hosts that both have.
///
/// Not shared between threads.
final class PortTables {

  private static final int DNS = 2; // the kind of name, RFC 5280, 4.2.1.6

  private final Map<Integer, List<GatewayListener>> ofPort = new TreeMap<>();
  private final Map<Integer, Map<String, TlsSettings>> certificates = new HashMap<>();
  private final ServiceBackends backends;
  private Map<Attachments.Joined, ServiceBackends.Made<Served>> served = Map.of();
  private final Map<PortHost, Host> known = new HashMap<>();

  private record PortHost(int port, String host) {}

  /// What a host was made of.
  private record Host(List<Ranked> ranked, VirtualHost made) {

    boolean isOf(List<Ranked> others) {
      boolean same = ranked.size() == others.size();
      for (int i = 0; same && i < others.size(); i++) {
        same = ranked.get(i) == others.get(i);
      }
      return same;
    }
  }

  /// What is served of a route at a listener.
  ///
  /// @param hosts that no narrower listener of the Gateway has
  /// @param ranked of HTTP; empty for others
  /// @param stream of others; null for HTTP
  private record Served(List<String> hosts, List<Ranked> ranked, @Nullable StreamRoute stream) {}

  /// @param listeners those that are served
  PortTables(List<GatewayListener> listeners, ServiceBackends backends) {
    this.backends = backends;
    for (GatewayListener each : listeners) {
      ofPort.computeIfAbsent(each.port(), _ -> new ArrayList<>()).add(each);
    }
    ofPort.forEach((port, here) -> certificates.put(port, certificates(here)));
  }

  /// What is served at each port. What routes have it that were there before is not made again.
  ///
  /// @param joined the oldest route first
  List<Edge.Site> sites(List<Attachments.Joined> joined) {
    Map<Attachments.Joined, ServiceBackends.Made<Served>> next = new IdentityHashMap<>();
    Map<GatewayListener, List<Served>> at = new HashMap<>();
    for (Attachments.Joined each : joined) {
      ServiceBackends.Made<Served> made = served.get(each);
      made = made == null ? backends.making(() -> served(each)) : made;
      next.put(each, made);
      at.computeIfAbsent(each.listener(), _ -> new ArrayList<>()).add(made.value());
    }
    served = next;
    List<Edge.Site> sites = new ArrayList<>();
    Set<PortHost> used = new HashSet<>();
    ofPort.forEach((port, here) -> sites.add(site(port, here, at, used)));
    known.keySet().retainAll(used);
    return sites;
  }

  /// What the backends are kept by that routes lead to.
  Set<Object> backends() {
    Set<Object> all = new HashSet<>();
    served.values().forEach(each -> all.addAll(each.backends()));
    return all;
  }

  private Served served(Attachments.Joined joined) {
    List<String> hosts = own(joined, ofPort.getOrDefault(joined.listener().port(), List.of()));
    return switch (joined.kind()) {
      case "TCPRoute", "TLSRoute" -> new Served(hosts, List.of(), stream(joined));
      default -> new Served(hosts, ranked(joined), null);
    };
  }

  private Edge.Site site(
      int port,
      List<GatewayListener> here,
      Map<GatewayListener, List<Served>> at,
      Set<PortHost> used) {
    GatewayListener first = here.getFirst();
    boolean raw = first.protocol().equals("TCP");
    Map<String, List<Ranked>> hosts = new LinkedHashMap<>();
    Map<HostName, Optional<StreamRoute>> names = new LinkedHashMap<>();
    StreamRoute every = null;
    for (GatewayListener listener : here) {
      if (listener.isOfHttp() && isNarrower(listener, here)) {
        hosts.putIfAbsent(listener.hostname(), new ArrayList<>());
      }
      for (Served each : at.getOrDefault(listener, List.of())) {
        StreamRoute stream = each.stream();
        if (stream == null) {
          for (String host : each.hosts()) {
            hosts.computeIfAbsent(host, _ -> new ArrayList<>()).addAll(each.ranked());
          }
        } else if (raw) {
          every = every == null ? stream : every;
        } else {
          each.hosts().forEach(host -> names.putIfAbsent(HostName.of(host), Optional.of(stream)));
        }
      }
    }
    if (raw) {
      StreamRoute to = every == null ? new StreamRoute(new Split(List.of()), false) : every;
      return new Edge.Site(port, false, List.of(), Map.of(), StreamTable.ofAll(to), false);
    }
    closeOthers(here, names);
    boolean several =
        first.isSecure()
            && here.stream()
                    .filter(each -> !each.isPassthrough())
                    .map(GatewayListener::hostname)
                    .distinct()
                    .count()
                > 1;
    if (several) {
      here.stream()
          .filter(GatewayListener::isOfHttp)
          .forEach(each -> hosts.putIfAbsent(each.hostname(), new ArrayList<>()));
    }
    List<VirtualHost> all = new ArrayList<>(hosts.size());
    hosts.forEach(
        (host, ranked) ->
            all.add(host(new PortHost(port, host), ranked, used, several ? here : List.of())));
    return new Edge.Site(
        port,
        first.isSecure(),
        all,
        certificates.getOrDefault(port, Map.of()),
        StreamTable.ofNames(names),
        false);
  }

  /// @param shared the listeners of which one may be asked for what is of another
  private VirtualHost host(
      PortHost key, List<Ranked> ranked, Set<PortHost> used, List<GatewayListener> shared) {
    used.add(key);
    Host before = known.get(key);
    if (before != null && before.isOf(ranked)) {
      return before.made;
    }
    List<Route> routes = new ArrayList<>();
    ranked.stream().sorted(Ranked.ORDER).map(Ranked::route).forEach(routes::add);
    if (!shared.isEmpty()) {
      routes.add(last(key.host, shared));
    }
    VirtualHost made = new VirtualHost(List.of(HostName.of(key.host)), routes);
    known.put(key, new Host(ranked, made));
    return made;
  }

  /// Connections for names of a listener of TLS that no route has are closed, not taken for HTTP;
  /// those for names of a listener of HTTPS are.
  private static void closeOthers(
      List<GatewayListener> here, Map<HostName, Optional<StreamRoute>> names) {
    Optional<StreamRoute> nowhere = Optional.of(new StreamRoute(new Split(List.of()), false));
    boolean passes = here.stream().anyMatch(each -> each.protocol().equals("TLS"));
    for (GatewayListener each : here) {
      if (passes) {
        names.putIfAbsent(
            HostName.of(each.hostname()), each.isOfHttp() ? Optional.empty() : nowhere);
      }
    }
  }

  /// Whether a wider listener of the same Gateway has the port too.
  private static boolean isNarrower(GatewayListener listener, List<GatewayListener> here) {
    return here.stream()
        .anyMatch(
            other ->
                other != listener
                    && other.isOf(listener.gateway())
                    && Hostnames.covers(other.hostname(), listener.hostname()));
  }

  /// The hosts of a route at a listener that no narrower listener of the Gateway has.
  private static List<String> own(Attachments.Joined route, List<GatewayListener> here) {
    GatewayListener listener = route.listener();
    return route.hosts().stream()
        .filter(
            host ->
                here.stream()
                    .noneMatch(
                        other ->
                            other != listener
                                && other.isOf(listener.gateway())
                                && !other.hostname().equals(listener.hostname())
                                && Hostnames.covers(listener.hostname(), other.hostname())
                                && Hostnames.covers(other.hostname(), host)))
        .toList();
  }

  private StreamRoute stream(Attachments.Joined each) {
    RuleActions actions = new RuleActions(each.route(), each.kind(), backends);
    List<Struct> rules = each.route().structs("spec", "rules");
    return new StreamRoute(
        rules.isEmpty() ? new Split(List.of()) : actions.split(rules.getFirst()),
        each.listener().protocol().equals("TLS") && !each.listener().isPassthrough());
  }

  private List<Ranked> ranked(Attachments.Joined each) {
    Struct route = each.route();
    ObjectKey key = ObjectKey.of(route);
    RuleActions actions = new RuleActions(route, each.kind(), backends);
    List<Ranked> ranked = new ArrayList<>();
    List<Struct> rules = route.structs("spec", "rules");
    for (int i = 0; i < rules.size(); i++) {
      Struct rule = rules.get(i);
      if (Expressions.problem(rule) != null) {
        continue; // it says of no request whether it is for it
      }
      List<Struct> matches = rule.structs("matches");
      for (Struct match : matches.isEmpty() ? List.of(Struct.EMPTY) : matches) {
        HttpMatch read =
            each.kind().equals("GRPCRoute") ? HttpMatch.ofGrpc(match) : HttpMatch.ofHttp(match);
        ranked.add(
            new Ranked(
                read.specific(),
                Age.created(route),
                key.toString(),
                ranked.size(),
                new Route(
                    "%s/%d".formatted(key, i),
                    read.path(),
                    read.conditions(),
                    looking(rule, each.listener()),
                    null,
                    actions.of(rule, read.path(), each.listener()))));
      }
    }
    return ranked;
  }

  private List<Filter> looking(Struct rule, GatewayListener listener) {
    List<Filter> looking = new ArrayList<>();
    if (listener.isSecure()) {
      looking.add(misdirected(ofPort.getOrDefault(listener.port(), List.of())));
    }
    looking.addAll(RuleFilters.of(rule).looking());
    return looking;
  }

  private static Misdirected misdirected(List<GatewayListener> here) {
    return new Misdirected(
        here.stream()
            .filter(each -> !each.isPassthrough())
            .map(GatewayListener::hostname)
            .distinct()
            .toList());
  }

  /// What nothing else is for is not found, unless it is another listener's.
  private static Route last(String host, List<GatewayListener> here) {
    return new Route(
        host,
        new PathMatch.Prefix("/"),
        List.of(),
        List.of(misdirected(here), new Refusal(404)),
        null,
        new Action.Respond(404, "text/plain", ""));
  }

  /// The first certificate of a listener is for its name; all are for their own ones below it.
  private static Map<String, TlsSettings> certificates(List<GatewayListener> here) {
    Map<String, TlsSettings> byName = new LinkedHashMap<>();
    for (GatewayListener listener : here) {
      for (TlsSettings settings : listener.certificates()) {
        for (String name : names(settings.chain())) {
          if (Hostnames.covers(listener.hostname(), name) && !isOfNarrower(listener, name, here)) {
            byName.putIfAbsent(name, settings);
          }
        }
      }
    }
    for (GatewayListener listener : here) {
      if (!listener.certificates().isEmpty()) {
        String host = listener.hostname();
        String key = host.isEmpty() ? "*" : host.startsWith("*.") ? host.substring(1) : host;
        byName.put(key, listener.certificates().getFirst());
      }
    }
    return byName;
  }

  /// Whether a name is one of a narrower listener: what that asks of clients counts.
  private static boolean isOfNarrower(
      GatewayListener listener, String name, List<GatewayListener> here) {
    return here.stream()
        .anyMatch(
            other ->
                !other.hostname().equals(listener.hostname())
                    && Hostnames.covers(listener.hostname(), other.hostname())
                    && Hostnames.covers(other.hostname(), name));
  }

  private static List<String> names(List<X509Certificate> chain) {
    List<String> names = new ArrayList<>();
    try {
      @Nullable Collection<List<?>> all =
          chain.isEmpty() ? null : chain.getFirst().getSubjectAlternativeNames();
      for (List<?> each : all == null ? List.<List<?>>of() : all) {
        if (each.get(0).equals(DNS)) {
          names.add(each.get(1).toString().toLowerCase(Locale.ROOT));
        }
      }
    } catch (CertificateParsingException _) {
      // a certificate without readable names is still shown for the listener's
    }
    return names;
  }
}
