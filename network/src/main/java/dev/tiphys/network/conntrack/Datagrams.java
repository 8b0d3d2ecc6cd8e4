package dev.tiphys.network.conntrack;

import dev.tiphys.network.netlink.Attributes;
import dev.tiphys.network.netlink.Messages;
import dev.tiphys.network.netlink.NetlinkException;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Flows of datagrams (UDP) to Services. The kernel treats what one socket sends to one address as
/// one flow and sends all of it where it sent the first datagram, until the socket is silent for a
/// while. A flow whose endpoint has gone, or that began when there was none, would lead to nowhere
/// for as long as its sender goes on.
///
/// Connections (TCP, SCTP) are never touched: they end by themselves.
public final class Datagrams {
  private static final int SUBSYSTEM = 1;
  private static final int GET = SUBSYSTEM << 8 | 1;
  private static final int DELETE = SUBSYSTEM << 8 | 2;
  private static final int FIXED_PART = 4;

  private static final int ORIGINAL = 1;
  private static final int REPLY = 2;
  private static final int IDENTIFIER = 12;
  private static final int ADDRESSES = 1;
  private static final int PROTOCOL = 2;
  private static final int PROTOCOL_NUMBER = 1;
  private static final int SOURCE_PORT = 2;
  private static final int DESTINATION_PORT = 3;
  private static final int UDP = 17;

  private Datagrams() {}

  /// An address and port.
  public record Target(InetAddress address, int port) {}

  /// A port of a Service.
  ///
  /// @param addresses by which it is reached
  /// @param number of the port there
  /// @param nodePort the port of nodes by which it is reached; 0 for none
  /// @param targets to which its flows may lead
  public record Port(Set<InetAddress> addresses, int number, int nodePort, Set<Target> targets) {

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

  /// A flow that the kernel knows.
  private record Flow(Family family, Attributes attributes) {}

  /// Lets the kernel forget the flows to ports of Services that lead to none of their targets. The
  /// next datagram of such a flow is treated as if it were the first.
  ///
  /// @param node the node's own addresses
  /// @return how many it forgot
  /// @throws IOException if the kernel cannot be asked
  public static int forget(Collection<Port> ports, List<InetAddress> node, NetlinkSocket socket)
      throws IOException {
    Map<Target, Set<Target>> wanted = new HashMap<>();
    for (Port port : ports) {
      for (InetAddress address : port.addresses()) {
        allow(wanted, new Target(address, port.number()), port);
      }
      if (port.nodePort() > 0) {
        node.forEach(address -> allow(wanted, new Target(address, port.nodePort()), port));
      }
    }
    int forgotten = 0;
    for (Flow flow : stray(wanted, socket)) {
      forgotten += delete(flow, socket) ? 1 : 0;
    }
    return forgotten;
  }

  private static void allow(Map<Target, Set<Target>> wanted, Target from, Port port) {
    wanted.computeIfAbsent(from, _ -> new HashSet<>()).addAll(port.targets());
  }

  private static List<Flow> stray(Map<Target, Set<Target>> wanted, NetlinkSocket socket)
      throws IOException {
    List<Flow> flows = new ArrayList<>();
    for (Family family : Family.values()) {
      if (wanted.keySet().stream().noneMatch(one -> Family.of(one.address()) == family)) {
        continue;
      }
      socket.send(
          begin(GET, Messages.REQUEST | Messages.DUMP, family),
          (_, body) -> {
            Attributes flow = new Attributes(body.position(FIXED_PART));
            Attributes original = flow.nested(ORIGINAL);
            Attributes reply = flow.nested(REPLY);
            Target to = target(original, family, false);
            Target from = target(reply, family, true);
            Set<Target> allowed = to == null ? null : wanted.get(to);
            if (allowed != null && from != null && !allowed.contains(from)) {
              flows.add(new Flow(family, flow.copy()));
            }
          });
    }
    return flows;
  }

  /// Where a tuple comes from or goes to; null if it is none of UDP.
  private static @Nullable Target target(Attributes tuple, Family family, boolean source) {
    Attributes protocol = tuple.nested(PROTOCOL);
    if (protocol.number(PROTOCOL_NUMBER, 0) != UDP) {
      return null;
    }
    int first = family == Family.IPV4 ? 1 : 3;
    byte[] address = tuple.nested(ADDRESSES).bytes(source ? first : first + 1);
    int port = protocol.number(source ? SOURCE_PORT : DESTINATION_PORT, 0);
    try {
      return address == null ? null : new Target(InetAddress.getByAddress(address), port);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static boolean delete(Flow flow, NetlinkSocket socket) throws IOException {
    Messages request =
        flow.attributes()
            .writeTo(
                begin(DELETE, Messages.REQUEST | Messages.ACKNOWLEDGE, flow.family()),
                ORIGINAL,
                IDENTIFIER);
    try {
      socket.send(request);
      return true;
    } catch (NetlinkException e) {
      if (e.error() == NetlinkException.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private static Messages begin(int type, int flags, Family family) {
    return new Messages().begin(type, flags).put8(family.number()).put8(0).put16(0);
  }
}
