package dev.tiphys.network;

import dev.tiphys.network.netlink.Namespace;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Tables;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// What the parts of a node's network need to know of it.
///
/// @param node what the node is called
/// @param addresses the node's own, the first of each family
/// @param podRanges where all Pods of the cluster have their addresses from
/// @param name of the network: tables of rules begin with it, so that several clusters can be on
///   one machine
/// @param namespace whose network it is
/// @param families whose packets the kernel can be given rules for
public record NetworkSettings(
    String node,
    List<InetAddress> addresses,
    List<Prefix> podRanges,
    String name,
    Namespace namespace,
    List<Family> families) {

  private static final System.Logger LOG = System.getLogger(NetworkSettings.class.getName());

  public NetworkSettings {
    addresses = List.copyOf(addresses);
    podRanges = List.copyOf(podRanges);
    families = List.copyOf(families);
  }

  /// Those of a kernel that knows both families.
  public NetworkSettings(
      String node,
      List<InetAddress> addresses,
      List<Prefix> podRanges,
      String name,
      Namespace namespace) {
    this(node, addresses, podRanges, name, namespace, List.of(Family.values()));
  }

  /// The same, for no family that this kernel lacks: parts do without it, and nothing is tried
  /// again and again. Without any family all stay as they are: the parts say themselves what they
  /// miss.
  ///
  /// @throws IOException if the kernel cannot be asked
  public NetworkSettings onThisKernel() throws IOException {
    try (NetlinkSocket socket = namespace.open(NetlinkSocket.NETFILTER)) {
      List<Family> taken = new ArrayList<>();
      for (Family family : families) {
        if (Tables.areTaken(family.number(), socket)) {
          taken.add(family);
        }
      }
      if (taken.isEmpty() || taken.equals(families)) {
        return this;
      }
      LOG.log(
          Level.WARNING,
          "the kernel takes no rules for one family of addresses: Services, network policies and"
              + " ports of pods are for {0} only",
          taken);
      return new NetworkSettings(node, addresses, podRanges, name, namespace, taken);
    }
  }

  /// The name of a table.
  ///
  /// @param part whose rules are in it, as `proxy`
  public String table(String part) {
    return name + "-" + part;
  }
}
