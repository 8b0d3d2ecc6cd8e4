package dev.tiphys.network.ingress;

import dev.tiphys.object.Struct;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Merges what Ingresses say of a host. Of two with the same path the older one counts; a canary
/// joins the location with its path and path type, and counts for nothing without one.
final class Locations {

  private final String host;
  private final Map<Path, Location> paths = new LinkedHashMap<>();

  private record Path(String path, String type) {}

  private Locations(String host) {
    this.host = host;
  }

  /// The locations of a host.
  ///
  /// @param ingresses those that have a part in it
  static List<Location> of(String host, Collection<OwnIngress> ingresses) {
    Locations all = new Locations(host);
    List<OwnIngress> sorted = ingresses.stream().sorted(OwnIngress.OLDEST_FIRST).toList();
    sorted.stream().filter(each -> !each.annotations().isCanary()).forEach(all::add);
    sorted.stream().filter(each -> !each.annotations().isCanary()).forEach(all::addDefault);
    sorted.stream().filter(each -> each.annotations().isCanary()).forEach(all::join);
    return List.copyOf(all.paths.values());
  }

  private static Location location(OwnIngress own, Struct path) {
    return new Location(
        path.string("path").isEmpty() ? "/" : path.string("path"),
        path.string("pathType"),
        own.ingress(),
        own.annotations(),
        path.struct("backend"),
        null);
  }

  private List<Struct> rules(OwnIngress own) {
    return own.ingress().structs("spec", "rules").stream()
        .filter(rule -> OwnIngress.host(rule).equals(host))
        .toList();
  }

  private void add(OwnIngress own) {
    for (Struct rule : rules(own)) {
      rule.structs("http", "paths").forEach(path -> put(location(own, path)));
    }
  }

  private void put(Location location) {
    paths.putIfAbsent(new Path(location.path(), location.pathType()), location);
  }

  /// The default backend takes what no path of a host does, and of an Ingress without rules what no
  /// host does.
  private void addDefault(OwnIngress own) {
    Struct backend = own.ingress().struct("spec", "defaultBackend");
    boolean alone = own.ingress().structs("spec", "rules").isEmpty();
    boolean here = alone ? host.equals(OwnIngress.ANY) : !rules(own).isEmpty();
    if (!backend.isEmpty() && here) {
      put(new Location("/", "Prefix", own.ingress(), own.annotations(), backend, null));
    }
  }

  private void join(OwnIngress canary) {
    for (Struct rule : rules(canary)) {
      for (Struct path : rule.structs("http", "paths")) {
        Location joining = location(canary, path);
        paths.computeIfPresent(
            new Path(joining.path(), joining.pathType()),
            (_, main) -> main.canary() == null ? main.with(joining) : main);
      }
    }
  }
}
