package dev.tiphys.network.dns;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.network.Prefix;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Who may ask: addresses of private networks, in which Pods and nodes mostly are, and the nodes of
/// the cluster, under whose addresses questions of their Pods may come. A machine on the Internet
/// must not resolve names for anybody there, nor tell of the cluster.
///
/// Threads: any.
final class Clients implements AutoCloseable {

  /// RFC 6598 and RFC 4193: what the platform does not tell of an address.
  private static final Prefix SHARED = Prefix.of("100.64.0.0/10");

  private static final Prefix UNIQUE_LOCAL = Prefix.of("fc00::/7");

  private final Set<InetAddress> own;
  private final Informer nodes;
  private volatile Set<InetAddress> ofNodes = Set.of();

  /// @param own this node's addresses
  Clients(World world, Api api, List<InetAddress> own) {
    this.own = Set.copyOf(own);
    this.nodes = new Informer(world, api, ApiResource.NODES);
    nodes.listen(new NodeListener());
  }

  void start() {
    nodes.start();
  }

  private final class NodeListener implements Informer.Listener {
    @Override
    public void added(Struct node) {
      learn();
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (!addresses(before).equals(addresses(now))) {
        learn();
      }
    }

    @Override
    public void deleted(Struct last) {
      learn();
    }

    private void learn() {
      Set<InetAddress> all = new HashSet<>();
      nodes.list().forEach(node -> all.addAll(addresses(node)));
      ofNodes = Set.copyOf(all);
    }
  }

  private static Set<InetAddress> addresses(Struct node) {
    Set<InetAddress> addresses = new HashSet<>();
    for (Struct address : node.struct("status").structs("addresses")) {
      if (IpAddress.parse(address.string("address")) != null) {
        addresses.add(InetAddress.ofLiteral(address.string("address")));
      }
    }
    return addresses;
  }

  boolean admits(InetAddress client) {
    return client.isSiteLocalAddress()
        || client.isLoopbackAddress()
        || client.isLinkLocalAddress()
        || own.contains(client)
        || ofNodes.contains(client)
        || SHARED.contains(client)
        || UNIQUE_LOCAL.contains(client);
  }

  @Override
  public void close() {
    nodes.close();
  }
}
