package dev.tiphys.network.pods;

import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.links.Addresses;
import dev.tiphys.network.links.HardwareAddress;
import dev.tiphys.network.links.Link;
import dev.tiphys.network.links.Links;
import dev.tiphys.network.links.Neighbour;
import dev.tiphys.network.links.Neighbours;
import dev.tiphys.network.links.Neighbours.Kind;
import dev.tiphys.network.links.Vxlan;
import dev.tiphys.network.netlink.NetlinkException;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The VXLAN of a cluster, as this node has it: there only while some node needs it.
///
/// All nodes come by themselves to the same number and to the hardware addresses of each other, so
/// nothing has to be exchanged; nothing is ever sent to all of them.
///
/// Threads: one.
final class Tunnel {

  /// The port that is assigned to VXLAN.
  private static final int PORT = 4789;

  private static final int LONGEST_NAME = 15;
  private static final String SUFFIX = ".vx";

  private final NetlinkSocket socket;
  private final Links links;
  private final String name;
  private final int number;

  Tunnel(NetworkSettings settings, NetlinkSocket socket) {
    this.socket = socket;
    this.links = new Links(socket);
    this.name = nameOf(settings.name());
    this.number = numberOf(settings.podRanges());
  }

  private static String nameOf(String network) {
    return network.length() + SUFFIX.length() <= LONGEST_NAME
        ? network + SUFFIX
        : "vx-%08x".formatted(network.hashCode());
  }

  /// The same for all nodes of a cluster, and likely another than that of any other cluster.
  private static int numberOf(List<Prefix> podRanges) {
    int mixed = podRanges.toString().hashCode();
    return (mixed ^ mixed >>> 24) & 0xffffff;
  }

  /// How much of a packet the tunnel takes for itself: headers of Ethernet, VXLAN, UDP and IP.
  static int overhead(InetAddress own) {
    return Family.of(own) == Family.IPV4 ? 50 : 70;
  }

  /// Makes the link, or makes it as it is to be. Returns its index.
  ///
  /// @param own this node's address, where the tunnel starts
  /// @param inside this node's addresses within the tunnel
  int ensure(InetAddress own, List<InetAddress> inside, int mtu) throws IOException {
    Vxlan wanted = new Vxlan(number, own, PORT);
    Link link = links.find(name);
    if (link != null && !wanted.equals(link.tunnel())) {
      links.delete(link);
      link = null;
    }
    if (link == null) {
      links.add(name, wanted, HardwareAddress.at(own), mtu);
      link = links.find(name);
    }
    if (link == null) {
      throw new IOException("the link " + name + " is gone as soon as it is made");
    }
    if (link.mtu() != mtu) {
      links.resize(link, mtu);
    }
    for (InetAddress address : inside) {
      new Addresses(socket, link.index()).put(address);
    }
    return link.index();
  }

  /// Makes it lead to these machines, and to no others.
  void lead(int link, Set<Neighbour> machines, Set<Neighbour> ends) throws NetlinkException {
    Neighbours neighbours = new Neighbours(socket, link);
    change(neighbours, Kind.END, ends);
    change(neighbours, Kind.MACHINE, machines);
  }

  private static void change(Neighbours neighbours, Kind kind, Set<Neighbour> wanted)
      throws NetlinkException {
    Set<Neighbour> present = neighbours.list(kind);
    Set<Neighbour> missing = new HashSet<>(wanted);
    missing.removeAll(present);
    present.removeAll(wanted);
    for (Neighbour gone : present) {
      neighbours.delete(kind, gone);
    }
    for (Neighbour fresh : missing) {
      neighbours.put(kind, fresh);
    }
  }

  /// Deletes the link, if it is there.
  void remove() throws NetlinkException {
    Link link = links.find(name);
    if (link != null) {
      links.delete(link);
    }
  }
}
