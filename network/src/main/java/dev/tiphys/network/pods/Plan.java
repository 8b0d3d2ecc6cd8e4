package dev.tiphys.network.pods;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.links.HardwareAddress;
import dev.tiphys.network.links.Hop;
import dev.tiphys.network.links.Neighbour;
import dev.tiphys.network.nftables.Family;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// By what way this node reaches the Pods of the others.
///
/// @param unreachable names of nodes to which there is none
record Plan(List<Straight> straight, List<Tunnelled> tunnelled, Set<String> unreachable) {

  /// A range of a node on a link of this one.
  ///
  /// @param node its address
  /// @param link the index of the link
  record Straight(Prefix range, InetAddress node, int link) {}

  /// A range of a node to which only routers lead.
  ///
  /// @param end the node's address, where the tunnel ends
  record Tunnelled(Prefix range, InetAddress end) {

    /// The node's address within the tunnel: the first of its range, which no Pod is given.
    InetAddress inside() {
      return range.first();
    }

    HardwareAddress hardware() {
      return HardwareAddress.at(end);
    }
  }

  /// @param nodes the others
  /// @param own this node's address, from which tunnels start
  /// @param ownLink the index of the link with that address: a node on another link would not see
  ///   this one on its own, and both must come to the same
  /// @param hops how packets to an address leave
  static Plan of(
      List<Remote> nodes, InetAddress own, int ownLink, Function<InetAddress, Hop> hops) {
    Plan plan = new Plan(new ArrayList<>(), new ArrayList<>(), new TreeSet<>());
    for (Remote node : nodes) {
      for (Prefix range : node.ranges()) {
        plan.add(node, range, own, ownLink, hops);
      }
    }
    return plan;
  }

  private void add(
      Remote node, Prefix range, InetAddress own, int ownLink, Function<InetAddress, Hop> hops) {
    InetAddress address = node.address(range.family());
    if (address != null && hops.apply(address) instanceof Hop.OnLink(int link) && link == ownLink) {
      straight.add(new Straight(range, address, link));
      return;
    }
    InetAddress end = node.address(Family.of(own));
    if (end == null) {
      unreachable.add(node.name());
      return;
    }
    switch (hops.apply(end)) {
      case Hop.OnLink _, Hop.Routed _ -> tunnelled.add(new Tunnelled(range, end));
      case Hop.Nowhere _ -> unreachable.add(node.name());
      case Hop.Here _ -> {
        // Another node of this machine, whose Pods have their routes already.
      }
    }
  }

  /// What is to be known of machines within the tunnel.
  Set<Neighbour> machines() {
    return tunnelled.stream()
        .map(one -> new Neighbour(one.hardware(), one.inside()))
        .collect(Collectors.toSet());
  }

  /// The other ends of the tunnel.
  Set<Neighbour> ends() {
    return tunnelled.stream()
        .map(one -> new Neighbour(one.hardware(), one.end()))
        .collect(Collectors.toSet());
  }
}
