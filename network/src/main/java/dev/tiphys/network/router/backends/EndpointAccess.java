package dev.tiphys.network.router.backends;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Which endpoints a client may reach through the router, which calls them in its own name: what
/// the network would refuse the client itself is refused here.
///
/// Threads: any; asked on event loops, so it must not wait.
@FunctionalInterface
public interface EndpointAccess {

  /// Every client reaches everything.
  EndpointAccess ALL = (_, _) -> true;

  boolean covers(InetAddress client, InetSocketAddress endpoint);
}
