package dev.tiphys.network.links;

import dev.tiphys.network.netlink.Attributes;
import dev.tiphys.network.netlink.Messages;
import dev.tiphys.network.netlink.NetlinkException;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The links of a machine.
///
/// Threads: any.
public final class Links {
  private static final int NEW_LINK = 16;
  private static final int DELETE_LINK = 17;
  private static final int GET_LINK = 18;
  private static final int NEW_ADDRESS = 20;
  private static final int GET_ADDRESS = 22;
  private static final int LINK_FIXED_PART = 16;
  private static final int ADDRESS_FIXED_PART = 8;
  private static final int UP = 1;

  private static final int HARDWARE_ADDRESS = 1;
  private static final int NAME = 3;
  private static final int MTU = 4;
  private static final int INFO = 18;
  private static final int INFO_KIND = 1;
  private static final int INFO_DATA = 2;
  private static final int VXLAN_NUMBER = 1;
  private static final int VXLAN_LOCAL = 4;
  private static final int VXLAN_LEARNING = 7;
  private static final int VXLAN_PORT = 15;
  private static final int VXLAN_LOCAL_6 = 17;

  private static final int ADDRESS = 1;
  private static final int LOCAL = 2;

  private final NetlinkSocket socket;

  /// @param socket to [NetlinkSocket#ROUTE]; stays the caller's
  public Links(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// All of them.
  public List<Link> list() throws NetlinkException {
    List<Link> links = new ArrayList<>();
    Messages request = new Messages().begin(GET_LINK, Messages.REQUEST | Messages.DUMP);
    socket.send(
        linkHeader(request, 0, false),
        (type, body) -> {
          if (type == NEW_LINK) {
            int index = body.getInt(4);
            Attributes attributes = new Attributes(body.position(LINK_FIXED_PART));
            links.add(
                new Link(
                    index,
                    attributes.text(NAME),
                    number(attributes.bytes(MTU)),
                    vxlan(attributes.nested(INFO))));
          }
        });
    return links;
  }

  /// The link of this name; null if there is none.
  public @Nullable Link find(String name) throws NetlinkException {
    return list().stream().filter(link -> link.name().equals(name)).findFirst().orElse(null);
  }

  /// The link that has an address; null if none has.
  public @Nullable Link with(InetAddress address) throws NetlinkException {
    int[] found = {0};
    Messages request = new Messages().begin(GET_ADDRESS, Messages.REQUEST | Messages.DUMP);
    request.put8(Families.number(Family.of(address))).put8(0).put8(0).put8(0).put32(0);
    socket.send(
        request,
        (type, body) -> {
          if (type == NEW_ADDRESS) {
            int index = body.getInt(4);
            Attributes attributes = new Attributes(body.position(ADDRESS_FIXED_PART));
            byte[] own = attributes.bytes(attributes.has(LOCAL) ? LOCAL : ADDRESS);
            if (address.equals(Families.address(own))) {
              found[0] = index;
            }
          }
        });
    return list().stream().filter(link -> link.index() == found[0]).findFirst().orElse(null);
  }

  private static @Nullable Vxlan vxlan(Attributes info) {
    if (!info.text(INFO_KIND).equals("vxlan")) {
      return null;
    }
    Attributes data = info.nested(INFO_DATA);
    InetAddress from =
        Families.address(data.bytes(data.has(VXLAN_LOCAL) ? VXLAN_LOCAL : VXLAN_LOCAL_6));
    return from == null
        ? null
        : new Vxlan(number(data.bytes(VXLAN_NUMBER)), from, data.number(VXLAN_PORT, 0));
  }

  private static int number(byte @Nullable [] bytes) {
    return bytes == null || bytes.length < 4
        ? 0
        : ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
  }

  private static Messages linkHeader(Messages message, int index, boolean up) {
    return message.put8(0).put8(0).put16(0).put32(index).put32(up ? UP : 0).put32(up ? UP : 0);
  }

  /// The hardware address of a link; null if it has none, or is gone.
  public @Nullable HardwareAddress hardware(Link link) throws NetlinkException {
    @Nullable HardwareAddress[] found = new @Nullable HardwareAddress[1];
    Messages request = new Messages().begin(GET_LINK, Messages.REQUEST | Messages.DUMP);
    socket.send(
        linkHeader(request, 0, false),
        (type, body) -> {
          if (type == NEW_LINK && body.getInt(4) == link.index()) {
            byte[] bytes = new Attributes(body.position(LINK_FIXED_PART)).bytes(HARDWARE_ADDRESS);
            found[0] = bytes == null || bytes.length != 6 ? null : new HardwareAddress(bytes);
          }
        });
    return found[0];
  }

  /// Makes a VXLAN that learns of its ends from nothing but what it is told, and sends to no other.
  public void add(String name, Vxlan vxlan, HardwareAddress address, int mtu)
      throws NetlinkException {
    Messages message =
        new Messages()
            .begin(
                NEW_LINK,
                Messages.REQUEST | Messages.ACKNOWLEDGE | Messages.CREATE | Messages.EXCLUSIVE);
    linkHeader(message, 0, true)
        .attribute(NAME, name)
        .attribute(HARDWARE_ADDRESS, address.bytes())
        .attributeNative(MTU, mtu)
        .nested(
            INFO,
            () ->
                message
                    .attribute(INFO_KIND, "vxlan")
                    .nested(INFO_DATA, () -> write(message, vxlan)));
    socket.send(message);
  }

  private static void write(Messages message, Vxlan vxlan) {
    boolean ipv4 = Family.of(vxlan.from()) == Family.IPV4;
    message
        .attributeNative(VXLAN_NUMBER, vxlan.number())
        .attribute(ipv4 ? VXLAN_LOCAL : VXLAN_LOCAL_6, vxlan.from().getAddress())
        .attribute(VXLAN_LEARNING, new byte[] {0})
        .attribute(VXLAN_PORT, new byte[] {(byte) (vxlan.port() >> 8), (byte) vxlan.port()});
  }

  /// Changes the size of the largest packet that a link takes.
  public void resize(Link link, int mtu) throws NetlinkException {
    Messages message = new Messages().begin(NEW_LINK, Messages.REQUEST | Messages.ACKNOWLEDGE);
    socket.send(linkHeader(message, link.index(), false).attributeNative(MTU, mtu));
  }

  /// Deletes a link.
  public void delete(Link link) throws NetlinkException {
    Messages message = new Messages().begin(DELETE_LINK, Messages.REQUEST | Messages.ACKNOWLEDGE);
    socket.send(linkHeader(message, link.index(), false));
  }
}
