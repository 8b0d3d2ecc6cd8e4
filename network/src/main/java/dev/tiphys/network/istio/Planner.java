package dev.tiphys.network.istio;

import dev.tiphys.network.istio.Gateways.Server;
import dev.tiphys.network.istio.destinations.Destinations;
import dev.tiphys.network.istio.destinations.Hosts;
import dev.tiphys.network.istio.destinations.Place;
import dev.tiphys.network.istio.fields.Age;
import dev.tiphys.network.mesh.Mesh;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Plans what is served where. Used once.
///
/// A VirtualService is served where its `gateways` say: at the edge, between Pods, or both. One
/// that names no gateways is for calls between Pods; as far as its hosts are no names of the
/// cluster, callers can only mean the edge by them, and it is served there at the usual port.
final class Planner {

  private final Destinations destinations;
  private final RouteSource source;
  private final Hosts hosts;
  private final int usualPort;
  private final List<Server> servers = new ArrayList<>();
  private final Map<String, Struct> gateways = new LinkedHashMap<>(); // by NAMESPACE/NAME
  private final Map<String, Set<String>> ofGateways = new HashMap<>(); // what is in their way

  /// @param known what was made before
  /// @param usualPort the port of the edge for VirtualServices that name no Gateway
  Planner(Destinations destinations, MadeRoutes known, int usualPort, List<Struct> gateways) {
    this.destinations = destinations;
    this.source = new RouteSource(destinations, known);
    this.hosts = destinations.hosts();
    this.usualPort = usualPort;
    for (Struct gateway : gateways.stream().sorted(Age.OLDEST_FIRST).toList()) {
      String key = Meta.of(gateway).key().toString();
      this.gateways.put(key, gateway);
      servers.addAll(
          Gateways.servers(gateway, destinations.credentials(), problem -> problem(key, problem)));
    }
  }

  private void problem(String gateway, String problem) {
    ofGateways.computeIfAbsent(gateway, _ -> new LinkedHashSet<>()).add(problem);
  }

  /// @param services those of the cluster
  /// @param all the VirtualServices of the cluster, those first that go before others
  /// @param before those that are served now, as they are served
  Plan plan(List<Struct> services, List<Struct> all, Map<ObjectKey, Struct> before) {
    Map<ObjectKey, Struct> chosen = new LinkedHashMap<>();
    Map<ObjectKey, Struct> held = new HashMap<>();
    for (Struct each : all) {
      ObjectKey key = ObjectKey.of(each);
      Struct last = before.get(key);
      boolean hold = last != null && !sameSpec(last, each) && lacks(each) && !lacks(last);
      chosen.put(key, hold ? last : each);
      if (hold && last != null) {
        held.put(key, last.struct("spec"));
        source.missing(key, source.made(each, anyPlace(each)).missing());
      }
    }
    List<Struct> served = List.copyOf(chosen.values());
    List<Mesh.Governed> governed = new MeshPlanner(destinations, source, served).governed(services);
    List<Edge.Site> sites =
        new EdgePlanner(destinations, source, served).sites(usualPort, servers, this::problem);
    long revision = served.stream().mapToLong(each -> Meta.of(each).revision()).max().orElse(0);
    return new Plan(
        Long.toString(revision), sites, governed, Map.copyOf(chosen), reports(all, held));
  }

  private List<Plan.Report> reports(List<Struct> all, Map<ObjectKey, Struct> held) {
    List<Plan.Report> reports = new ArrayList<>();
    gateways.forEach((key, gateway) -> reports.add(report(gateway, ofGateways.get(key))));
    destinations.problems().forEach((rule, found) -> reports.add(report(rule, found)));
    for (Struct each : all) {
      ObjectKey key = ObjectKey.of(each);
      reports.add(new Plan.Report(each, held.get(key), source.missing(key), source.problems(key)));
    }
    return reports;
  }

  private static Plan.Report report(Struct object, @Nullable Set<String> problems) {
    return new Plan.Report(
        object, null, List.of(), problems == null ? List.of() : List.copyOf(problems));
  }

  private static boolean sameSpec(Struct one, Struct other) {
    return one.struct("spec").equals(other.struct("spec"));
  }

  private boolean lacks(Struct virtualService) {
    return !source.made(virtualService, anyPlace(virtualService)).missing().isEmpty();
  }

  /// A place by which to see whether destinations have endpoints: the port of the Service that is
  /// governed, if it has one port.
  private Place anyPlace(Struct virtualService) {
    String namespace = Meta.of(virtualService).namespace();
    for (String host : virtualService.strings("spec", "hosts")) {
      ObjectKey key = hosts.service(host, namespace);
      Struct service = key == null ? null : destinations.catalog().service(key);
      if (service != null && !service.structs("spec", "ports").isEmpty()) {
        int port = (int) service.structs("spec", "ports").getFirst().integer("port");
        return Place.everywhere(port, namespace);
      }
    }
    return Place.everywhere(usualPort, namespace);
  }
}
