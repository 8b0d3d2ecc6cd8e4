package dev.tiphys.network.ingress;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.streams.StreamRoute;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The hosts of all Ingresses that are served here. When one changes, the hosts that it has or had
/// a part in are made anew, and the others stay as they are.
///
/// Not shared between threads.
final class HostTable {

  private final Surroundings surroundings;
  private final Map<ObjectKey, OwnIngress> ingresses = new HashMap<>();
  private final Map<String, Set<ObjectKey>> byHost = new HashMap<>();
  private final Set<String> stale = new HashSet<>();
  private final Map<String, Made> made = new LinkedHashMap<>();

  /// A host as it is served.
  ///
  /// @param others the same under further names, which give way to hosts that have them
  /// @param aliases its further names but for the one that is sent to it
  /// @param routes what it was made of
  private record Made(
      VirtualHost host, List<VirtualHost> others, List<String> aliases, HostRoutes routes) {}

  HostTable(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// An Ingress is as it is now; one that is not served here is none.
  void put(ObjectKey key, @Nullable Struct ingress) {
    OwnIngress now = ingress == null ? null : OwnIngress.of(ingress);
    OwnIngress before = now == null ? ingresses.remove(key) : ingresses.put(key, now);
    if (before != null) {
      stale.addAll(before.hosts());
      before.hosts().forEach(host -> leave(host, key));
    }
    if (now != null) {
      stale.addAll(now.hosts());
      now.hosts().forEach(host -> byHost.computeIfAbsent(host, _ -> new HashSet<>()).add(key));
    }
  }

  private void leave(String host, ObjectKey key) {
    Set<ObjectKey> keys = byHost.get(host);
    if (keys != null && keys.remove(key) && keys.isEmpty()) {
      byHost.remove(host);
    }
  }

  /// The hosts of an Ingress are to be made anew, since something that it names has changed.
  void touch(ObjectKey key) {
    OwnIngress own = ingresses.get(key);
    if (own != null) {
      stale.addAll(own.hosts());
    }
  }

  @Nullable OwnIngress find(ObjectKey key) {
    return ingresses.get(key);
  }

  Collection<OwnIngress> ingresses() {
    return ingresses.values();
  }

  boolean isStale() {
    return !stale.isEmpty();
  }

  /// Makes what is to be made anew.
  void refresh() {
    for (String host : stale) {
      Set<ObjectKey> keys = byHost.get(host);
      List<OwnIngress> parts = new ArrayList<>();
      if (keys != null) {
        for (ObjectKey key : keys) {
          OwnIngress part = ingresses.get(key);
          if (part != null) {
            parts.add(part);
          }
        }
      }
      List<Location> locations = Locations.of(host, parts);
      if (locations.isEmpty()) {
        made.remove(host);
      } else {
        made.put(host, make(host, parts, locations));
      }
    }
    stale.clear();
  }

  private Made make(String host, List<OwnIngress> parts, List<Location> locations) {
    boolean secured = parts.stream().anyMatch(each -> each.securedHosts().contains(host));
    HostRoutes routes = HostRoutes.of(host, locations, secured, surroundings);
    List<VirtualHost> others = new ArrayList<>();
    List<String> aliases =
        locations.stream()
            .flatMap(each -> each.annotations().aliases().stream())
            .distinct()
            .toList();
    if (!aliases.isEmpty()) {
      others.add(new VirtualHost(aliases.stream().map(HostTable::name).toList(), routes.routes()));
    }
    String counterpart = routes.counterpart();
    if (counterpart != null) {
      others.add(
          new VirtualHost(List.of(name(counterpart)), List.of(HostRoutes.to(host, counterpart))));
    }
    return new Made(new VirtualHost(List.of(name(host)), routes.routes()), others, aliases, routes);
  }

  private static HostName name(String host) {
    if (host.equals(OwnIngress.ANY)) {
      return new HostName.Any();
    }
    return host.startsWith("*.")
        ? new HostName.OneLabel(host.substring(1))
        : new HostName.Exact(host);
  }

  /// All hosts; of two with the same name the first counts.
  List<VirtualHost> hosts() {
    List<VirtualHost> all = new ArrayList<>(made.size());
    made.values().forEach(each -> all.add(each.host));
    made.values().forEach(each -> all.addAll(each.others));
    return all;
  }

  /// All backends that any route leads to.
  Set<Backend> backends() {
    Set<Backend> all = new HashSet<>();
    made.values().forEach(each -> all.addAll(each.routes.backends()));
    return all;
  }

  /// Whose certificates clients are asked for, by host; hosts are left out whose clients are not.
  Map<String, List<X509Certificate>> authorities() {
    Map<String, List<X509Certificate>> all = new HashMap<>();
    made.forEach(
        (host, each) -> {
          if (!each.routes.authorities().isEmpty()) {
            all.put(host, each.routes.authorities());
            each.aliases.forEach(alias -> all.putIfAbsent(alias, each.routes.authorities()));
          }
        });
    return all;
  }

  /// Where connections go whose TLS is the Pods' own matter. Only names that are written out are
  /// passed on so, as with ingress-nginx.
  StreamTable streams() {
    Map<HostName, Optional<StreamRoute>> all = new HashMap<>();
    made.forEach(
        (host, each) -> {
          if (name(host) instanceof HostName.Exact exact && each.routes.stream() != null) {
            all.put(exact, Optional.of(each.routes.stream()));
          }
        });
    return StreamTable.ofNames(all);
  }
}
