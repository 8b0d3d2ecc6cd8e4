package dev.tiphys.network.netlink;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Sends frames as they are, by whatever link (`packet(7)`). Needs the capability `CAP_NET_RAW`.
///
/// Threads: any.
public final class PacketSocket implements AutoCloseable {
  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW = 3;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int ADDRESS_SIZE = 20;
  private static final int HARDWARE_ADDRESS = 6;
  private static final int TYPE_OFFSET = 12;

  private final int socket;

  PacketSocket(int socket) {
    this.socket = socket;
  }

  static int newSocket() {
    return Libc.socket(AF_PACKET, SOCK_RAW | CLOSE_ON_EXEC, 0);
  }

  /// Sends an Ethernet frame.
  ///
  /// @param link the index of the link
  public void send(int link, byte[] frame) throws IOException {
    ByteBuffer address = ByteBuffer.allocate(ADDRESS_SIZE).order(ByteOrder.nativeOrder());
    address.putShort((short) AF_PACKET).put(frame, TYPE_OFFSET, 2).putInt(link);
    address.putShort((short) 0).put((byte) 0).put((byte) HARDWARE_ADDRESS);
    address.put(frame, 0, HARDWARE_ADDRESS);
    try (Arena once = Arena.ofConfined()) {
      long sent = Libc.sendTo(socket, copied(once, frame), copied(once, address.array()));
      if (sent < 0) {
        throw new NetlinkException((int) -sent, -1, "a frame cannot be sent");
      }
    }
  }

  private static MemorySegment copied(Arena arena, byte[] bytes) {
    MemorySegment copy = arena.allocate(bytes.length, 8);
    copy.copyFrom(MemorySegment.ofArray(bytes));
    return copy;
  }

  @Override
  public void close() {
    Libc.close(socket);
  }
}
