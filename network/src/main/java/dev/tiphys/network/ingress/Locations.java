package dev.tiphys.network.ingress;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Merges Ingresses by their hosts. Of two with the same host and path the older one counts; a
/// canary joins the location with its host, path and path type, and counts for nothing without one.
final class Locations {

  private static final Comparator<Struct> OLDEST_FIRST =
      Comparator.comparing((Struct each) -> created(each))
          .thenComparing(each -> Meta.of(each).key().toString());

  private final Map<String, Map<Path, Location>> hosts = new LinkedHashMap<>();

  private record Path(String path, String type) {}

  private Locations() {}

  private static Instant created(Struct ingress) {
    Instant created = Meta.of(ingress).created();
    return created == null ? Instant.MAX : created;
  }

  /// The locations of each host; the name `*` stands for any.
  static Map<String, List<Location>> of(List<Struct> ingresses) {
    Locations all = new Locations();
    List<Read> read =
        ingresses.stream()
            .sorted(OLDEST_FIRST)
            .map(each -> new Read(each, Annotations.of(each)))
            .toList();
    read.stream().filter(each -> !each.annotations.isCanary()).forEach(all::add);
    read.stream().filter(each -> !each.annotations.isCanary()).forEach(all::addDefault);
    read.stream().filter(each -> each.annotations.isCanary()).forEach(all::join);
    Map<String, List<Location>> merged = new LinkedHashMap<>();
    all.hosts.forEach((host, paths) -> merged.put(host, List.copyOf(paths.values())));
    return merged;
  }

  private record Read(Struct ingress, Annotations annotations) {
    Location location(Struct path) {
      return new Location(
          path.string("path").isEmpty() ? "/" : path.string("path"),
          path.string("pathType"),
          ingress,
          annotations,
          path.struct("backend"),
          null);
    }
  }

  private static String host(Struct rule) {
    return rule.string("host").isEmpty() ? "*" : rule.string("host");
  }

  private void add(Read read) {
    for (Struct rule : read.ingress.structs("spec", "rules")) {
      for (Struct path : rule.structs("http", "paths")) {
        put(host(rule), read.location(path));
      }
    }
  }

  private void put(String host, Location location) {
    hosts
        .computeIfAbsent(host, _ -> new LinkedHashMap<>())
        .putIfAbsent(new Path(location.path(), location.pathType()), location);
  }

  /// The default backend takes what no path of a host does, and of an Ingress without rules what no
  /// host does.
  private void addDefault(Read read) {
    Struct backend = read.ingress.struct("spec", "defaultBackend");
    if (backend.isEmpty()) {
      return;
    }
    Location location = new Location("/", "Prefix", read.ingress, read.annotations, backend, null);
    List<Struct> rules = read.ingress.structs("spec", "rules");
    if (rules.isEmpty()) {
      put("*", location);
    }
    rules.forEach(rule -> put(host(rule), location));
  }

  private void join(Read canary) {
    for (Struct rule : canary.ingress.structs("spec", "rules")) {
      Map<Path, Location> paths = hosts.getOrDefault(host(rule), new LinkedHashMap<>());
      for (Struct path : rule.structs("http", "paths")) {
        Location joining = canary.location(path);
        paths.computeIfPresent(
            new Path(joining.path(), joining.pathType()),
            (_, main) -> main.canary() == null ? main.with(joining) : main);
      }
    }
  }
}
