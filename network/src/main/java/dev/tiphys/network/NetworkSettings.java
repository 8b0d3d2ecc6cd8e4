package dev.tiphys.network;

import dev.tiphys.network.netlink.Namespace;
import java.net.InetAddress;
import java.util.List;

/// What the parts of a node's network need to know of it.
///
/// @param node what the node is called
/// @param addresses the node's own, the first of each family
/// @param podRanges where all Pods of the cluster have their addresses from
/// @param name of the network: tables of rules begin with it, so that several clusters can be on
///   one machine
/// @param namespace whose network it is
public record NetworkSettings(
    String node,
    List<InetAddress> addresses,
    List<Prefix> podRanges,
    String name,
    Namespace namespace) {

  public NetworkSettings {
    addresses = List.copyOf(addresses);
    podRanges = List.copyOf(podRanges);
  }

  /// The name of a table.
  ///
  /// @param part whose rules are in it, as `proxy`
  public String table(String part) {
    return name + "-" + part;
  }
}
