package dev.tiphys.network.conntrack;

import dev.tiphys.network.Protocol;
import dev.tiphys.network.conntrack.Flow.End;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Flows of datagrams (UDP) to Services. The kernel treats what one socket sends to one address as
/// one flow and sends all of it where it sent the first datagram, until the socket is silent for a
/// while. A flow whose endpoint has gone, or that began when there was none, would lead to nowhere
/// for as long as its sender goes on.
///
/// Connections (TCP, SCTP) are never touched: they end by themselves.
public final class Datagrams {

  private Datagrams() {}

  /// A port of a Service.
  ///
  /// @param addresses by which it is reached
  /// @param number of the port there
  /// @param nodePort the port of nodes by which it is reached; 0 for none
  /// @param targets to which its flows may lead
  public record Port(Set<InetAddress> addresses, int number, int nodePort, Set<End> targets) {

    public Port {
      addresses = Set.copyOf(addresses);
      targets = Set.copyOf(targets);
    }

    /// Whether it is reached just as another one is.
    public boolean isAt(Port other) {
      return addresses.equals(other.addresses)
          && number == other.number
          && nodePort == other.nodePort;
    }

    /// The same, without any place to which flows may lead.
    public Port withoutTargets() {
      return new Port(addresses, number, nodePort, Set.of());
    }
  }

  /// Lets the kernel forget the flows to ports of Services that lead to none of their targets. The
  /// next datagram of such a flow is treated as if it were the first.
  ///
  /// @param node the node's own addresses
  /// @return how many it forgot
  /// @throws IOException if the kernel cannot be asked
  public static int forget(Collection<Port> ports, List<InetAddress> node, NetlinkSocket socket)
      throws IOException {
    Map<End, Set<End>> wanted = new HashMap<>();
    for (Port port : ports) {
      for (InetAddress address : port.addresses()) {
        allow(wanted, new End(address, port.number()), port);
      }
      if (port.nodePort() > 0) {
        node.forEach(address -> allow(wanted, new End(address, port.nodePort()), port));
      }
    }
    int forgotten = 0;
    for (Family family : Family.values()) {
      if (wanted.keySet().stream().anyMatch(one -> Family.of(one.address()) == family)) {
        forgotten += Flows.forget(family, flow -> isStray(flow, wanted), socket);
      }
    }
    return forgotten;
  }

  private static void allow(Map<End, Set<End>> wanted, End from, Port port) {
    wanted.computeIfAbsent(from, _ -> new HashSet<>()).addAll(port.targets());
  }

  private static boolean isStray(Flow flow, Map<End, Set<End>> wanted) {
    Set<End> allowed =
        flow.protocol() == Protocol.UDP.number() ? wanted.get(flow.destination()) : null;
    return allowed != null && !allowed.contains(flow.responder());
  }
}
