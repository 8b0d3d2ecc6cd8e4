package dev.tiphys.network.dns;

import dev.tiphys.network.Prefix;
import java.net.InetAddress;
import java.util.List;

/// Who may ask: addresses of private networks, in which Pods and nodes are, and the node itself. A
/// machine on the Internet must not resolve names for anybody there, nor tell of the cluster.
///
/// @param own the node's addresses
record Clients(List<InetAddress> own) {

  /// RFC 6598 and RFC 4193: what the platform does not tell of an address.
  private static final Prefix SHARED = Prefix.of("100.64.0.0/10");

  private static final Prefix UNIQUE_LOCAL = Prefix.of("fc00::/7");

  Clients {
    own = List.copyOf(own);
  }

  boolean admits(InetAddress client) {
    return client.isSiteLocalAddress()
        || client.isLoopbackAddress()
        || client.isLinkLocalAddress()
        || own.contains(client)
        || SHARED.contains(client)
        || UNIQUE_LOCAL.contains(client);
  }
}
