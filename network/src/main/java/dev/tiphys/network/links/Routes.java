package dev.tiphys.network.links;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.netlink.Attributes;
import dev.tiphys.network.netlink.Messages;
import dev.tiphys.network.netlink.NetlinkException;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The routes of a machine's main table that one program has made. They are told from all others by
/// the protocol that made them, and by their priority: no other route is changed or deleted.
///
/// Threads: any.
public final class Routes {
  private static final int NEW_ROUTE = 24;
  private static final int DELETE_ROUTE = 25;
  private static final int GET_ROUTE = 26;
  private static final int FIXED_PART = 12;
  private static final int MAIN_TABLE = 254;
  private static final int UNICAST = 1;
  private static final int LOCAL = 2;
  private static final int ON_LINK = 4;

  private static final int DESTINATION = 1;
  private static final int LINK = 4;
  private static final int GATEWAY = 5;
  private static final int PRIORITY = 6;
  private static final int GATEWAY_OF_ANY_FAMILY = 18;

  private final NetlinkSocket socket;
  private final int protocol;
  private final int priority;

  /// @param socket to [NetlinkSocket#ROUTE]; stays the caller's
  /// @param protocol what made the routes, from 1 to 255
  /// @param priority of all of them
  public Routes(NetlinkSocket socket, int protocol, int priority) {
    this.socket = socket;
    this.protocol = protocol;
    this.priority = priority;
  }

  /// Those of this program.
  public List<Route> list() throws NetlinkException {
    List<Route> routes = new ArrayList<>();
    for (Family family : Family.values()) {
      Messages request = new Messages().begin(GET_ROUTE, Messages.REQUEST | Messages.DUMP);
      socket.send(
          header(request, family, 0, 0),
          (type, body) -> {
            // A kernel without a family tells of the routes of all the others instead.
            boolean meant = type == NEW_ROUTE && body.get(0) == Families.number(family);
            Route route = meant ? own(body, family) : null;
            if (route != null) {
              routes.add(route);
            }
          });
    }
    return routes;
  }

  private @Nullable Route own(ByteBuffer body, Family family) {
    int bits = body.get(1) & 0xff;
    int table = body.get(4) & 0xff;
    int madeBy = body.get(5) & 0xff;
    int flags = body.getInt(8);
    Attributes attributes = new Attributes(body.position(FIXED_PART));
    InetAddress via = Families.address(attributes.bytes(GATEWAY));
    if (table != MAIN_TABLE
        || madeBy != protocol
        || number(attributes.bytes(PRIORITY)) != priority
        || via == null) {
      return null;
    }
    InetAddress to = Families.address(attributes.bytes(DESTINATION));
    return new Route(
        new Prefix(to == null ? any(family) : to, bits),
        via,
        number(attributes.bytes(LINK)),
        (flags & ON_LINK) != 0);
  }

  private static InetAddress any(Family family) {
    try {
      return InetAddress.getByAddress(new byte[family.addressLength()]);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int number(byte @Nullable [] bytes) {
    return bytes == null ? 0 : ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
  }

  /// Adds a route, in place of this program's own to the same block.
  public void put(Route route) throws NetlinkException {
    write(NEW_ROUTE, Messages.CREATE | Messages.REPLACE, route);
  }

  /// Deletes a route.
  public void delete(Route route) throws NetlinkException {
    write(DELETE_ROUTE, 0, route);
  }

  private void write(int type, int flags, Route route) throws NetlinkException {
    Messages message = new Messages().begin(type, Messages.REQUEST | Messages.ACKNOWLEDGE | flags);
    header(message, route.to().family(), route.to().bits(), route.direct() ? ON_LINK : 0)
        .attribute(DESTINATION, route.to().first().getAddress())
        .attribute(GATEWAY, route.via().getAddress())
        .attributeNative(LINK, route.link())
        .attributeNative(PRIORITY, priority);
    socket.send(message);
  }

  private Messages header(Messages message, Family family, int bits, int flags) {
    return message
        .put8(Families.number(family))
        .put8(bits)
        .put8(0)
        .put8(0)
        .put8(MAIN_TABLE)
        .put8(protocol)
        .put8(0)
        .put8(UNICAST)
        .put32(flags);
  }

  /// How packets to an address leave.
  public Hop hop(InetAddress address) throws NetlinkException {
    byte[] bytes = address.getAddress();
    Messages request = new Messages().begin(GET_ROUTE, Messages.REQUEST);
    request
        .put8(Families.number(Family.of(address)))
        .put8(bytes.length * 8)
        .put8(0)
        .put8(0)
        .put32(0)
        .put32(0)
        .attribute(DESTINATION, bytes);
    Hop[] found = {new Hop.Nowhere()};
    try {
      socket.send(
          request,
          (type, body) -> {
            if (type == NEW_ROUTE) {
              found[0] = hop(body);
            }
          });
    } catch (NetlinkException e) {
      if (e.error() == NetlinkException.UNREACHABLE || e.error() == NetlinkException.NO_HOST) {
        return new Hop.Nowhere();
      }
      throw e;
    }
    return found[0];
  }

  private static Hop hop(ByteBuffer body) {
    int kind = body.get(7) & 0xff;
    Attributes attributes = new Attributes(body.position(FIXED_PART));
    return switch (kind) {
      case LOCAL -> new Hop.Here();
      case UNICAST ->
          attributes.has(GATEWAY) || attributes.has(GATEWAY_OF_ANY_FAMILY)
              ? new Hop.Routed()
              : new Hop.OnLink(number(attributes.bytes(LINK)));
      default -> new Hop.Nowhere();
    };
  }
}
