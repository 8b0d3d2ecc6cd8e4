package dev.tiphys.network.mesh;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/// Sends connections to some addresses and ports to others of this node. Callers keep their
/// addresses.
///
/// Threads: one.
public interface Redirects extends AutoCloseable {

  /// Sends connections by TCP so from now on, and all others as if this were not here. Those that
  /// there are go on.
  ///
  /// @param wanted from an address of a Service and its port to an address of this node
  /// @throws IOException if that can't be done; then all is as it was
  void serve(Map<InetSocketAddress, InetSocketAddress> wanted) throws IOException;

  /// Sends nothing anywhere any more.
  @Override
  void close();
}
