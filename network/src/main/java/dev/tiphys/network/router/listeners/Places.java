package dev.tiphys.network.router.listeners;

import java.net.InetAddress;
import java.util.List;

/// On which addresses a port is opened.
///
/// Threads: any.
@FunctionalInterface
public interface Places {

  /// @return the addresses, as things are now; empty if the port can't be opened anywhere
  List<InetAddress> of(int port);

  /// Always the same addresses.
  static Places fixed(List<InetAddress> addresses) {
    List<InetAddress> all = List.copyOf(addresses);
    return _ -> all;
  }
}
