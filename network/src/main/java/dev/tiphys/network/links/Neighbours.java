package dev.tiphys.network.links;

import dev.tiphys.network.netlink.Attributes;
import dev.tiphys.network.netlink.Messages;
import dev.tiphys.network.netlink.NetlinkException;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/// Who is behind the hardware addresses of one link, as far as it was told for good.
///
/// Threads: any.
public final class Neighbours {
  private static final int NEW_NEIGHBOUR = 28;
  private static final int DELETE_NEIGHBOUR = 29;
  private static final int GET_NEIGHBOUR = 30;
  private static final int FIXED_PART = 12;
  private static final int BRIDGE = 7;
  private static final int PERMANENT = 0x80;
  private static final int OF_THE_LINK_ITSELF = 2;
  private static final int ADDRESS = 1;
  private static final int HARDWARE_ADDRESS = 2;

  private final NetlinkSocket socket;
  private final int link;

  /// What a hardware address stands for.
  public enum Kind {
    /// Machines on the link.
    MACHINE,
    /// The other ends of a tunnel.
    END
  }

  /// @param socket to [NetlinkSocket#ROUTE]; stays the caller's
  /// @param link its index
  public Neighbours(NetlinkSocket socket, int link) {
    this.socket = socket;
    this.link = link;
  }

  /// Those that are known.
  public Set<Neighbour> list(Kind kind) throws NetlinkException {
    Messages request = new Messages().begin(GET_NEIGHBOUR, Messages.REQUEST | Messages.DUMP);
    request.put8(kind == Kind.END ? BRIDGE : 0).put8(0).put16(0).put32(0).put16(0).put8(0).put8(0);
    Set<Neighbour> found = new HashSet<>();
    socket.send(
        request,
        (type, body) -> {
          int family = body.get(0);
          int of = body.getInt(4);
          int state = body.getShort(8);
          Attributes attributes = new Attributes(body.position(FIXED_PART));
          byte[] hardware = attributes.bytes(HARDWARE_ADDRESS);
          InetAddress address = Families.address(attributes.bytes(ADDRESS));
          if (type == NEW_NEIGHBOUR
              && of == link
              && (state & PERMANENT) != 0
              && (family == BRIDGE) == (kind == Kind.END)
              && hardware != null
              && address != null) {
            found.add(new Neighbour(new HardwareAddress(hardware), address));
          }
        });
    return found;
  }

  /// Makes one known, in place of what was known of its hardware address or address.
  public void put(Kind kind, Neighbour neighbour) throws NetlinkException {
    write(NEW_NEIGHBOUR, Messages.CREATE | Messages.REPLACE, kind, neighbour);
  }

  /// Forgets one.
  public void delete(Kind kind, Neighbour neighbour) throws NetlinkException {
    write(DELETE_NEIGHBOUR, 0, kind, neighbour);
  }

  private void write(int type, int flags, Kind kind, Neighbour neighbour) throws NetlinkException {
    boolean end = kind == Kind.END;
    Messages message =
        new Messages()
            .begin(type, Messages.REQUEST | Messages.ACKNOWLEDGE | flags)
            .put8(end ? BRIDGE : Families.number(Family.of(neighbour.address())))
            .put8(0)
            .put16(0)
            .put32(link)
            .put16(PERMANENT)
            .put8(end ? OF_THE_LINK_ITSELF : 0)
            .put8(0)
            .attribute(ADDRESS, neighbour.address().getAddress())
            .attribute(HARDWARE_ADDRESS, neighbour.hardware().bytes());
    socket.send(message);
  }
}
