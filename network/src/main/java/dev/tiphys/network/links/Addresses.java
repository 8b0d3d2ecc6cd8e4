package dev.tiphys.network.links;

import dev.tiphys.network.netlink.Attributes;
import dev.tiphys.network.netlink.Messages;
import dev.tiphys.network.netlink.NetlinkException;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/// The addresses of one link that stand for themselves alone, without a block around them.
///
/// Threads: any.
public final class Addresses {
  private static final int NEW_ADDRESS = 20;
  private static final int DELETE_ADDRESS = 21;
  private static final int GET_ADDRESS = 22;
  private static final int FIXED_PART = 8;
  private static final int ADDRESS = 1;
  private static final int LOCAL = 2;
  private static final int FLAGS = 8;
  private static final int NOT_SEARCHED_FOR_DUPLICATES = 2;

  private final NetlinkSocket socket;
  private final int link;

  /// @param socket to [NetlinkSocket#ROUTE]; stays the caller's
  /// @param link its index
  public Addresses(NetlinkSocket socket, int link) {
    this.socket = socket;
    this.link = link;
  }

  /// Those that the link has.
  public Set<InetAddress> list() throws NetlinkException {
    Set<InetAddress> addresses = new LinkedHashSet<>();
    for (Family family : Family.values()) {
      Messages request = new Messages().begin(GET_ADDRESS, Messages.REQUEST | Messages.DUMP);
      request.put8(Families.number(family)).put8(0).put8(0).put8(0).put32(0);
      socket.send(
          request,
          (type, body) -> {
            boolean alone = (body.get(1) & 0xff) == family.addressLength() * 8;
            if (type == NEW_ADDRESS && alone && body.getInt(4) == link) {
              Attributes attributes = new Attributes(body.position(FIXED_PART));
              InetAddress own =
                  Families.address(attributes.bytes(attributes.has(LOCAL) ? LOCAL : ADDRESS));
              if (own != null) {
                addresses.add(own);
              }
            }
          });
    }
    return addresses;
  }

  /// Gives the link an address, which no other machine on it is expected to have. Does no harm if
  /// it has it.
  public void put(InetAddress address) throws NetlinkException {
    change(NEW_ADDRESS, Messages.CREATE | Messages.REPLACE, address);
  }

  /// Takes an address away, which the link must have.
  public void delete(InetAddress address) throws NetlinkException {
    change(DELETE_ADDRESS, 0, address);
  }

  private void change(int type, int flags, InetAddress address) throws NetlinkException {
    byte[] bytes = address.getAddress();
    Messages message = new Messages().begin(type, Messages.REQUEST | Messages.ACKNOWLEDGE | flags);
    message
        .put8(Families.number(Family.of(address)))
        .put8(bytes.length * 8)
        .put8(NOT_SEARCHED_FOR_DUPLICATES)
        .put8(0)
        .put32(link)
        .attribute(LOCAL, bytes)
        .attribute(ADDRESS, bytes)
        .attributeNative(FLAGS, NOT_SEARCHED_FOR_DUPLICATES);
    socket.send(message);
  }
}
