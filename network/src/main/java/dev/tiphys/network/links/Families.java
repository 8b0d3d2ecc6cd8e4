package dev.tiphys.network.links;

import dev.tiphys.network.nftables.Family;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// How the kernel's tables of links and routes say families and addresses.
final class Families {
  private Families() {}

  static int number(Family family) {
    return family == Family.IPV4 ? 2 : 10;
  }

  /// Null if these bytes are no address.
  static @Nullable InetAddress address(byte @Nullable [] bytes) {
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
