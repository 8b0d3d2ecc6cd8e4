package dev.tiphys.cli;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// When a change of a Service was live on each node: from when on the kernel there sent connections
/// as the Service and its slices want. The proxies of all nodes are asked, by way of the API
/// server.
final class LiveOnNodes {
  private static final String SYSTEM = "kube-system";
  private static final String NETWORK = "tiphys-network";
  private static final String OUR_DNS =
      "kubernetes.io/service-name=kube-dns,endpointslice.kubernetes.io/managed-by=dns.tiphys.dev";
  private static final String PROXY = "tiphys.dev/proxy";
  private static final String HEALTH_PORT = "tiphys.dev/health-port";
  private static final String OTHER_PROXY = "service.kubernetes.io/service-proxy-name";
  private static final String SLICES = "endpointslices.discovery.k8s.io";
  private static final int MOST_NAMES = 5;

  private final World world;
  private final Function<String, Struct> pages;

  /// @param pages gives the document that the API server answers at a path, or throws a
  ///   [CliException]
  LiveOnNodes(World world, Function<String, Struct> pages) {
    this.world = world;
    this.pages = pages;
  }

  /// What was told of a place.
  ///
  /// @param at when the change was live there; null if it is not, or that is not known
  private record Told(String text, @Nullable Instant at) {}

  /// What can be asked.
  ///
  /// @param what it is, in a line
  /// @param port of the node, where it tells
  private record Place(String what, String node, String port) {}

  /// A line for each proxy and each DNS, in the order of time, and one for the nodes without a
  /// proxy that tells. Of a Service that proxies do not serve, only the DNS is asked.
  ///
  /// @param events the walk of the Service's last change
  List<String> lines(Api api, String namespace, String name, List<Struct> events) {
    Struct service = api.find(ApiResource.SERVICES, namespace, name);
    List<Place> places = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    if (service == null || isProxied(service)) {
      addProxies(api, places, silent);
    }
    addServers(api, places);
    String query =
        "services=%d&slices=%d".formatted(newest(events, "services"), newest(events, SLICES));
    Instant begin = Timestamps.parse(events.getFirst().string("began"));
    List<String> lines = new ArrayList<>();
    for (Told one : ask(places, query)) {
      lines.add(line(begin, one));
    }
    if (!silent.isEmpty()) {
      lines.add(line(begin, new Told("no proxy tells of " + names(silent), null)));
    }
    return lines;
  }

  /// The proxies of nodes, which say in Leases where they tell.
  private static void addProxies(Api api, List<Place> places, List<String> silent) {
    Map<String, String> ports = new HashMap<>();
    for (Struct lease :
        api.list(ApiResource.LEASES, NETWORK, ListOptions.withLabels(PROXY)).items()) {
      ports.put(Meta.of(lease).label(PROXY), Meta.of(lease).annotation(HEALTH_PORT));
    }
    for (Struct node : api.list(ApiResource.NODES, "", ListOptions.ALL).items()) {
      String called = Meta.of(node).name();
      String port = ports.getOrDefault(called, "");
      if (port.isEmpty()) {
        silent.add(called);
      } else {
        places.add(new Place("on node " + called, called, port));
      }
    }
  }

  /// The DNS servers of nodes, each of which has a slice for each family.
  private static void addServers(Api api, List<Place> places) {
    Map<String, String> ports = new TreeMap<>();
    for (Struct slice :
        api.list(ApiResource.ENDPOINT_SLICES, SYSTEM, ListOptions.withLabels(OUR_DNS)).items()) {
      for (Struct endpoint : slice.structs("endpoints")) {
        slice.structs("ports").stream()
            .filter(port -> port.string("name").equals("metrics"))
            .forEach(
                port ->
                    ports.put(endpoint.string("nodeName"), Long.toString(port.integer("port"))));
      }
    }
    ports.forEach((node, port) -> places.add(new Place("in the DNS of node " + node, node, port)));
  }

  private static boolean isProxied(Struct service) {
    Struct spec = service.struct("spec");
    return !spec.string("clusterIP").equals("None")
        && !spec.string("type").equals("ExternalName")
        && Meta.of(service).label(OTHER_PROXY).isEmpty();
  }

  private static long newest(List<Struct> events, String resource) {
    return events.stream()
        .filter(event -> event.string("resource").equals(resource))
        .mapToLong(event -> event.integer("revision"))
        .max()
        .orElse(0);
  }

  private List<Told> ask(List<Place> places, String query) {
    List<Told> told = new ArrayList<>();
    List<Task> asking = new ArrayList<>();
    for (Place place : places) {
      asking.add(
          world.startThread(
              "ask " + place.what(),
              () -> {
                Told answer = ask(place, query);
                synchronized (told) {
                  told.add(answer);
                }
              }));
    }
    join(asking);
    told.sort(
        Comparator.comparing(Told::at, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Told::text));
    return told;
  }

  private Told ask(Place place, String query) {
    Instant sent = world.now();
    Struct answer;
    try {
      answer =
          pages.apply(
              "/api/v1/nodes/http:%s:%s/proxy/live?%s"
                  .formatted(place.node(), place.port(), query));
    } catch (CliException e) {
      return new Told("not known %s: %s".formatted(place.what(), e.getMessage()), null);
    }
    if (!answer.has("at")) {
      return new Told("not live %s yet".formatted(place.what()), null);
    }
    Duration ahead = ahead(Timestamps.parse(answer.string("now")), sent, world.now());
    Instant at = Timestamps.parse(answer.string("at")).minus(ahead);
    String earlier = answer.bool("earlier") ? ", or earlier" : "";
    return new Told("live " + place.what() + earlier, at);
  }

  /// By how much another clock is surely ahead of this one, which went from `sent` to `received`
  /// while the other said `there`.
  private static Duration ahead(Instant there, Instant sent, Instant received) {
    if (there.isBefore(sent)) {
      return Duration.between(sent, there);
    }
    return there.isAfter(received) ? Duration.between(received, there) : Duration.ZERO;
  }

  private static String line(Instant begin, Told told) {
    Instant at = told.at();
    return at == null
        ? "          ---  " + told.text()
        : String.format(
            Locale.ROOT, "%9.1f ms  %s", Duration.between(begin, at).toNanos() / 1e6, told.text());
  }

  private static String names(List<String> nodes) {
    return nodes.size() <= MOST_NAMES
        ? String.join(", ", nodes)
        : "%s and %d other nodes"
            .formatted(String.join(", ", nodes.subList(0, MOST_NAMES)), nodes.size() - MOST_NAMES);
  }

  private static void join(List<Task> tasks) {
    try {
      for (Task task : tasks) {
        task.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted", e);
    }
  }
}
