package dev.tiphys.network.router.filters;

import java.io.IOException;
import java.net.InetSocketAddress;

/// Finds where a server of some name is reached.
@FunctionalInterface
public interface Reach {

  /// May wait.
  ///
  /// @throws IOException if no server of that name is known, or none is ready
  InetSocketAddress find(String host, int port) throws IOException;
}
