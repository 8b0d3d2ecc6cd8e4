package dev.tiphys.network.conntrack;

import dev.tiphys.network.netlink.Attributes;
import dev.tiphys.network.nftables.Family;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// What the kernel knows as one flow: a connection, or datagrams between the same two ends.
///
/// @param protocol its number, as 17 for UDP
/// @param source which sent first
/// @param destination to which it sent
/// @param responder which answers: another end than the destination if that was rewritten
public record Flow(int protocol, End source, End destination, End responder) {
  static final int ORIGINAL = 1;
  static final int REPLY = 2;
  static final int IP = 1;
  private static final int PROTOCOL = 2;
  private static final int PROTOCOL_NUMBER = 1;
  private static final int SOURCE_PORT = 2;
  private static final int DESTINATION_PORT = 3;

  /// An end of a flow.
  ///
  /// @param port 0 for protocols that have none
  public record End(InetAddress address, int port) {}

  /// Null if the kernel tells less of it than there should be.
  static @Nullable Flow of(Attributes flow, Family family) {
    Attributes original = flow.nested(ORIGINAL);
    End source = end(original, sourceAddress(family), SOURCE_PORT);
    End destination = end(original, sourceAddress(family) + 1, DESTINATION_PORT);
    End responder = end(flow.nested(REPLY), sourceAddress(family), SOURCE_PORT);
    return source == null || destination == null || responder == null
        ? null
        : new Flow(
            original.nested(PROTOCOL).number(PROTOCOL_NUMBER, 0), source, destination, responder);
  }

  /// The attribute with the source of a tuple; that of the destination follows.
  static int sourceAddress(Family family) {
    return family == Family.IPV4 ? 1 : 3;
  }

  private static @Nullable End end(Attributes tuple, int address, int port) {
    byte[] bytes = tuple.nested(IP).bytes(address);
    try {
      return bytes == null
          ? null
          : new End(InetAddress.getByAddress(bytes), tuple.nested(PROTOCOL).number(port, 0));
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
