package dev.tiphys.network.router.listeners;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/// On which addresses a port is opened.
///
/// Threads: any.
@FunctionalInterface
public interface Places {

  /// @param open those at which it is open now
  /// @return the addresses, as things are now; empty if the port can't be opened anywhere
  List<InetAddress> of(int port, Set<InetAddress> open);

  /// Always the same addresses.
  static Places fixed(List<InetAddress> addresses) {
    List<InetAddress> all = List.copyOf(addresses);
    return (_, _) -> all;
  }
}
