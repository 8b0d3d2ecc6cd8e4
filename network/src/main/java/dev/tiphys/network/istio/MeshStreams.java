package dev.tiphys.network.istio;

import dev.tiphys.network.istio.destinations.Hosts;
import dev.tiphys.network.istio.destinations.Place;
import dev.tiphys.network.istio.fields.PortProtocol;
import dev.tiphys.network.router.streams.StreamRoute;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.object.Struct;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Where connections to a port of a Service go that are not of HTTP. Those that no route is for go
/// to the Service's endpoints; but where routes for TLS are for a caller, and none for the name
/// that it asks for, its connection is closed.
final class MeshStreams {

  private final RouteSource source;
  private final PlainCalls.Port port;
  private final List<Struct> by;
  private final Set<String> viewers;

  /// @param by the VirtualServices for the Service
  /// @param viewers the namespaces that see destinations otherwise than the rest
  MeshStreams(RouteSource source, PlainCalls.Port port, List<Struct> by, Set<String> viewers) {
    this.source = source;
    this.port = port;
    this.by = by;
    this.viewers = viewers;
  }

  /// Whether a VirtualService has routes for what is spoken at the port.
  boolean has(PortProtocol protocol) {
    return switch (protocol) {
      case TCP, UNSAID -> !rules("tcp", "").isEmpty();
      case TLS -> !rules("tls", "").isEmpty();
      case HTTP, HTTP_2, NONE -> false;
    };
  }

  /// @param called the Service's address
  StreamTable table(PortProtocol protocol, InetAddress called) {
    return switch (protocol) {
      case HTTP, HTTP_2, NONE -> StreamTable.EMPTY;
      case TCP -> StreamTable.ofAll(tcp(called));
      case UNSAID -> StreamTable.ofOthers(tcp(called));
      case TLS -> tls(called);
    };
  }

  /// Points of view, that of all others last.
  private List<String> views() {
    List<String> views = new ArrayList<>(viewers);
    views.add("");
    return views;
  }

  private List<StreamRule> rules(String kind, String viewer) {
    List<StreamRule> rules = new ArrayList<>();
    for (Struct each : by) {
      if (!each.structs("spec", kind).isEmpty()) {
        Made made = source.served(each, Place.mesh(port.number(), viewer), viewers);
        rules.addAll(kind.equals("tcp") ? made.tcp() : made.tls());
      }
    }
    return rules;
  }

  private StreamRoute tcp(InetAddress called) {
    List<StreamRoute.Rule> all = new ArrayList<>();
    for (String viewer : views()) {
      for (StreamRule each : rules("tcp", viewer)) {
        if (each.isFor(called)) {
          all.add(each.rule());
        }
      }
      all.add(port.rule(viewer));
    }
    return new StreamRoute(all, false);
  }

  private StreamTable tls(InetAddress called) {
    List<StreamRule> all = new ArrayList<>();
    List<StreamRoute.Rule> rest = new ArrayList<>();
    for (String viewer : views()) {
      for (StreamRule each : rules("tls", viewer)) {
        if (each.isFor(called)) {
          all.add(each);
          rest.add(new StreamRoute.Rule(each.rule().clients(), new Split(List.of())));
        }
      }
      rest.add(port.rule(viewer));
    }
    return all.isEmpty() ? StreamTable.ofAll(new StreamRoute(rest, false)) : byName(all, rest);
  }

  /// For each name its own rules go before those of wider names, and all before the rest.
  private static StreamTable byName(List<StreamRule> rules, List<StreamRoute.Rule> rest) {
    Set<String> names =
        new TreeSet<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(String::compareTo));
    rules.forEach(each -> each.names().forEach(name -> names.add(lower(name))));
    Map<HostName, Optional<StreamRoute>> byName = new HashMap<>();
    for (String name : names) {
      List<StreamRoute.Rule> own = new ArrayList<>();
      for (String wider : names) {
        if (Hosts.covers(wider, name)) {
          rules.stream()
              .filter(each -> each.names().stream().anyMatch(one -> lower(one).equals(wider)))
              .forEach(each -> own.add(each.rule()));
        }
      }
      own.addAll(rest);
      byName.put(HostName.of(name), Optional.of(new StreamRoute(own, false)));
    }
    byName.putIfAbsent(new HostName.Any(), Optional.of(new StreamRoute(rest, false)));
    return StreamTable.ofNames(byName);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
