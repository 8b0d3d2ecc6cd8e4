package dev.tiphys.network.proxy;

import java.util.List;
import java.util.function.Predicate;

/// Which endpoints of a Service's port this node sends connections to.
///
/// @param cluster those of the whole cluster
/// @param local those of this node
/// @param anywhere whether any endpoint of the cluster could be used, by whatever policy
record Choice(List<Endpoint> cluster, List<Endpoint> local, boolean anywhere) {

  /// @param node this node
  /// @param zone in which zone it is; empty if that is not known
  static Choice of(List<Endpoint> endpoints, String node, String zone) {
    List<Endpoint> ready = only(endpoints, Endpoint::ready);
    List<Endpoint> usable =
        ready.isEmpty() ? only(endpoints, Endpoint::takesLastConnections) : ready;
    List<Endpoint> here = only(endpoints, e -> !e.node().isEmpty() && e.node().equals(node));
    List<Endpoint> readyHere = only(here, Endpoint::ready);
    List<Endpoint> local =
        readyHere.isEmpty() ? only(here, Endpoint::takesLastConnections) : readyHere;
    return new Choice(ready.isEmpty() ? usable : near(ready, node, zone), local, !usable.isEmpty());
  }

  /// Those that are meant for clients of this node, if such hints can be trusted: those for a zone
  /// only where every endpoint has one, since otherwise they are just being made.
  private static List<Endpoint> near(List<Endpoint> ready, String node, String zone) {
    List<Endpoint> sameNode = only(ready, e -> e.nodes().contains(node));
    if (!sameNode.isEmpty()) {
      return sameNode;
    }
    if (zone.isEmpty() || ready.stream().anyMatch(e -> e.zones().isEmpty())) {
      return ready;
    }
    List<Endpoint> sameZone = only(ready, e -> e.zones().contains(zone));
    return sameZone.isEmpty() ? ready : sameZone;
  }

  private static List<Endpoint> only(List<Endpoint> endpoints, Predicate<Endpoint> which) {
    return endpoints.stream().filter(which).toList();
  }
}
