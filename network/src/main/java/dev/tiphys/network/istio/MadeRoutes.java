package dev.tiphys.network.istio;

import dev.tiphys.network.istio.destinations.Destinations;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.VirtualHost;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What was made before, so that a change of one object makes anew what comes of that one alone.
///
/// Not shared between threads.
final class MadeRoutes {

  private final Destinations destinations;
  private final Map<Object, Entry> entries = new HashMap<>();
  private final Map<Object, VirtualHost> hosts = new HashMap<>();
  private final Map<Object, List<Route>> ofHost = new HashMap<>();
  private final Set<Object> asked = new HashSet<>();

  /// @param uses the backends that the routes lead to
  private record Entry(Object from, Made made, Set<Backend> uses) {}

  MadeRoutes(Destinations destinations) {
    this.destinations = destinations;
  }

  /// Routes, which are made unless they were made of the same before.
  ///
  /// @param what is made; one that is equal is the same
  /// @param from what it is made of, besides destinations
  Made of(Object what, Object from, Supplier<Made> make) {
    asked.add(what);
    Entry known = entries.get(what);
    if (known == null || !known.from.equals(from)) {
      Set<Backend> uses = new HashSet<>();
      known = new Entry(from, destinations.noting(uses, make), uses);
      entries.put(what, known);
    } else {
      destinations.use(known.uses);
    }
    return known.made;
  }

  /// A host, which is made unless it was made of the very same routes before.
  ///
  /// @param where it is served
  VirtualHost host(Object where, List<HostName> names, List<Route> routes) {
    asked.add(where);
    VirtualHost known = hosts.get(where);
    if (known == null || !known.names().equals(names) || !areSame(ofHost.get(where), routes)) {
      known = new VirtualHost(names, routes);
      hosts.put(where, known);
      ofHost.put(where, List.copyOf(routes));
    }
    return known;
  }

  private static boolean areSame(@Nullable List<Route> some, List<Route> others) {
    if (some == null || some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (some.get(i) != others.get(i)) {
        return false;
      }
    }
    return true;
  }

  /// Something has changed that any route may depend on.
  void forget() {
    entries.clear();
  }

  /// Some backends have their first endpoint, or have lost their last.
  void forgetOf(Set<Backend> turned) {
    entries.values().removeIf(each -> !Collections.disjoint(each.uses, turned));
  }

  /// Drops what was not asked for since the last time.
  void dropUnused() {
    entries.keySet().retainAll(asked);
    hosts.keySet().retainAll(asked);
    ofHost.keySet().retainAll(asked);
    asked.clear();
  }
}
