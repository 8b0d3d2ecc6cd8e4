package dev.tiphys.network.conntrack;

import dev.tiphys.network.netlink.Attributes;
import dev.tiphys.network.netlink.Messages;
import dev.tiphys.network.netlink.NetlinkSocket;
import java.io.IOException;

/// How full the kernel's table of connections is.
///
/// @param entries how many connections it has
/// @param most how many it can have; 0 for any number
public record Fill(long entries, long most) {
  private static final int GET_STATISTICS = 1 << 8 | 5;
  private static final int FIXED_PART = 4;

  /// @throws IOException if the kernel cannot be asked
  public static Fill of(NetlinkSocket socket) throws IOException {
    long[] numbers = {0, 0};
    socket.send(
        new Messages().begin(GET_STATISTICS, Messages.REQUEST).put8(0).put8(0).put16(0),
        (_, body) -> {
          Attributes answer = new Attributes(body.position(FIXED_PART));
          numbers[0] = answer.longNumber(1, 0);
          numbers[1] = answer.longNumber(2, 0);
        });
    return new Fill(numbers[0], numbers[1]);
  }

  /// Whether it has no room: new connections are dropped then.
  public boolean isFull() {
    return most > 0 && entries >= most;
  }
}
