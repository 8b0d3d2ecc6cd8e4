package dev.tiphys.network.mesh;

import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.router.backends.EndpointAccess;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Listener;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.RouteTable;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Serves the ports of Services that are governed, to callers on this node: each has a listener of
/// its own, to which the kernel sends connections.
///
/// A port is governed when its listener is open, and its listener ends when no new connections are
/// sent there; so no change refuses one.
///
/// Threads: one.
public final class Mesh implements AutoCloseable {

  /// So long requests may go on when their Service is governed no longer.
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final World world;
  private final HttpRouter router;
  private final List<InetAddress> addresses;
  private final Redirects redirects;
  private final Policies policies;
  private final Map<Key, Listener> open = new HashMap<>();

  /// What the network's policies say of callers and endpoints, since the kernel sees the calls come
  /// from the node.
  public interface Policies extends EndpointAccess {

    /// No policy holds.
    Policies NONE =
        new Policies() {
          @Override
          public void letIn(Set<InetSocketAddress> ports) {}

          @Override
          public boolean covers(InetAddress client, InetSocketAddress endpoint) {
            return true;
          }
        };

    /// Has callers let in to these ports of the node, and to no others that were told before.
    ///
    /// @throws IOException if that can't be done
    void letIn(Set<InetSocketAddress> ports) throws IOException;
  }

  /// A port of a Service.
  ///
  /// @param service says in metrics and logs which it is
  /// @param addresses the Service's own
  /// @param hosts what is served there
  /// @param streams which connections are passed on as they are
  public record Governed(
      String service,
      int port,
      List<InetAddress> addresses,
      List<VirtualHost> hosts,
      StreamTable streams) {
    public Governed {
      addresses = List.copyOf(addresses);
      hosts = List.copyOf(hosts);
    }

    /// A port at which HTTP is spoken, and nothing else.
    public Governed(
        String service, int port, List<InetAddress> addresses, List<VirtualHost> hosts) {
      this(service, port, addresses, hosts, StreamTable.EMPTY);
    }
  }

  private record Key(String service, int port, Family family) {}

  /// @param addresses the node's own, of which the first of each family is listened on
  /// @param policies of the network, for callers whose connections end here
  public Mesh(
      World world,
      HttpRouter router,
      List<InetAddress> addresses,
      Redirects redirects,
      Policies policies) {
    this.world = world;
    this.router = router;
    this.addresses = List.copyOf(addresses);
    this.redirects = redirects;
    this.policies = policies;
  }

  /// Replaces all that is governed. When this returns, the next connection and the next request are
  /// served so.
  ///
  /// @param revision says which state of the objects this was made of
  /// @throws IOException if a port can't be opened, or the kernel takes no redirect; then what was
  ///   governed before is governed still, and the rest is not
  public void serve(String revision, List<Governed> governed) throws IOException {
    Map<InetSocketAddress, InetSocketAddress> wanted = new HashMap<>();
    Set<Key> keys = new HashSet<>();
    for (Governed each : governed) {
      RouteTable table = RouteTable.ofFirst(revision, each.hosts());
      for (InetAddress address : each.addresses()) {
        Key key = new Key(each.service(), each.port(), Family.of(address));
        Listener listener = listener(key);
        if (listener != null) {
          listener.serve(table);
          listener.pass(each.streams());
          keys.add(key);
          wanted.put(new InetSocketAddress(address, each.port()), listener.address());
        }
      }
    }
    Set<InetSocketAddress> entrances = new HashSet<>();
    open.values().forEach(listener -> entrances.add(listener.address()));
    policies.letIn(entrances);
    redirects.serve(wanted);
    List<Listener> left = new ArrayList<>();
    open.forEach(
        (key, listener) -> {
          if (!keys.contains(key)) {
            left.add(listener);
          }
        });
    open.keySet().retainAll(keys);
    for (Listener listener : left) {
      world.start("mesh-drain", () -> listener.close(GRACE));
    }
  }

  /// Null if the node has no address of the family.
  private @Nullable Listener listener(Key key) throws IOException {
    Listener known = open.get(key);
    if (known != null) {
      return known;
    }
    for (InetAddress address : addresses) {
      if (Family.of(address) == key.family()) {
        Listener made = router.listen(new InetSocketAddress(address, 0), null, policies);
        open.put(key, made);
        return made;
      }
    }
    return null;
  }

  /// How many ports of Services are governed.
  public int size() {
    return open.size();
  }

  @Override
  public void close() {
    redirects.close();
    open.values().forEach(Listener::close);
    open.clear();
  }
}
