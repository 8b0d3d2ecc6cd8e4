package dev.tiphys.network.links;

import dev.tiphys.network.netlink.Namespace;
import dev.tiphys.network.netlink.PacketSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/// Tells all machines on a link where an address is, without being asked (RFC 5227, section 3):
/// those that knew it elsewhere send to its new place at once. IPv6 has other ways to find out.
public final class GratuitousArp {
  private static final int SIZE = 42;
  private static final int TYPE = 0x0806;
  private static final int REQUEST = 1;

  private GratuitousArp() {}

  /// Says that an address is at a hardware address.
  ///
  /// @param link the index of the link
  public static void send(
      Namespace namespace, int link, HardwareAddress hardware, InetAddress address)
      throws IOException {
    try (PacketSocket socket = namespace.openForFrames()) {
      socket.send(link, frame(hardware.bytes(), address.getAddress()));
    }
  }

  static byte[] frame(byte[] hardware, byte[] address) {
    ByteBuffer frame = ByteBuffer.allocate(SIZE);
    for (int i = 0; i < hardware.length; i++) {
      frame.put((byte) 0xff);
    }
    frame.put(hardware).putShort((short) TYPE);
    frame.putShort((short) 1).putShort((short) 0x0800); // Ethernet, IPv4
    frame.put((byte) hardware.length).put((byte) address.length).putShort((short) REQUEST);
    frame.put(hardware).put(address).put(new byte[hardware.length]).put(address);
    return frame.array();
  }
}
