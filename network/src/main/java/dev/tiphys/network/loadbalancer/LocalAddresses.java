package dev.tiphys.network.loadbalancer;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.links.Addresses;
import dev.tiphys.network.links.Link;
import dev.tiphys.network.links.Links;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Addresses that only this node and its Pods reach: they are on its loopback. For what is to be
/// reached at a port that is taken at the node's own address.
///
/// Threads: any.
public final class LocalAddresses implements AutoCloseable {

  private static final Duration RETRY = Duration.ofSeconds(5);

  private final World world;
  private final AddressPool pool;
  private final NetlinkSocket socket;
  private final Informer services;
  private final Gate changed;
  private final SupervisedTask task;
  private final Set<InetAddress> asked = new LinkedHashSet<>(); // guarded by itself

  /// @param pool which addresses; no others are touched
  /// @throws IOException if the kernel can't be asked
  public LocalAddresses(World world, Api api, NetworkSettings settings, AddressPool pool)
      throws IOException {
    this.world = world.background();
    this.pool = pool;
    this.socket = settings.namespace().open(NetlinkSocket.ROUTE);
    this.changed = this.world.gate();
    this.services = new Informer(world, api, ApiResource.SERVICES);
    services.listen(Informer.Listener.ofAll(_ -> changed.open()));
    this.task = world.supervisor().task("local-addresses", OnFailure.RESTART);
  }

  /// Starts to follow the Services that were given such addresses, and returns at once.
  public void start() {
    services.start();
    task.start(this::run);
  }

  private void run() throws InterruptedException {
    services.awaitSynced();
    changed.open();
    while (true) {
      changed.await();
      try {
        hold(wanted());
        task.problem("");
      } catch (IOException e) {
        task.problem("local addresses cannot be had: " + e.getMessage());
        world.sleep(RETRY);
        changed.open();
      }
    }
  }

  /// Whether a Service of type LoadBalancer has a port of an address.
  public boolean isOfService(InetAddress address, int port) {
    for (Struct service : services.list()) {
      if (PortConflicts.addresses(service).contains(address.getHostAddress())
          && service.string("spec", "type").equals("LoadBalancer")
          && service.structs("spec", "ports").stream()
              .anyMatch(
                  each -> each.integer("port") == port && !each.string("protocol").equals("UDP"))) {
        return true;
      }
    }
    return false;
  }

  /// Waits until the Services are known.
  public void awaitSynced() throws InterruptedException {
    services.awaitSynced();
  }

  /// Has something done when Services have changed.
  public void onChange(Runnable action) {
    services.listen(Informer.Listener.ofAll(_ -> action.run()));
  }

  /// Puts an address on this node, until this is closed.
  ///
  /// @throws IOException if the kernel refuses
  public void add(InetAddress address) throws IOException {
    synchronized (asked) {
      asked.add(address);
    }
    addresses().put(address);
  }

  private Set<InetAddress> wanted() {
    Set<InetAddress> wanted = new LinkedHashSet<>();
    synchronized (asked) {
      wanted.addAll(asked);
    }
    for (Struct service : services.list()) {
      for (String text : PortConflicts.addresses(service)) {
        if (IpAddress.parse(text) != null && pool.contains(InetAddress.ofLiteral(text))) {
          wanted.add(InetAddress.ofLiteral(text));
        }
      }
    }
    return wanted;
  }

  /// Takes away from a node what a process that was killed has left there.
  ///
  /// @throws IOException if the kernel can't be asked
  public static void clear(NetworkSettings settings, AddressPool pool) throws IOException {
    try (NetlinkSocket socket = settings.namespace().open(NetlinkSocket.ROUTE)) {
      Addresses addresses = addresses(socket);
      for (InetAddress address : addresses.list()) {
        if (pool.contains(address)) {
          addresses.delete(address);
        }
      }
    }
  }

  private Addresses addresses() throws IOException {
    return addresses(socket);
  }

  private static Addresses addresses(NetlinkSocket socket) throws IOException {
    Links links = new Links(socket);
    Link loopback = links.find("lo");
    if (loopback == null) {
      throw new IOException("there is no loopback");
    }
    return new Addresses(socket, loopback.index());
  }

  private void hold(Set<InetAddress> wanted) throws IOException {
    Addresses addresses = addresses();
    Set<InetAddress> present = addresses.list();
    for (InetAddress address : present) {
      if (pool.contains(address) && !wanted.contains(address)) {
        addresses.delete(address);
      }
    }
    for (InetAddress address : wanted) {
      if (!present.contains(address)) {
        addresses.put(address);
      }
    }
  }

  /// A range of addresses, of which the edge has the first.
  public record Shared(InetAddress edge, AddressPool pool) {

    /// The range that is used if nothing is said.
    public static final String USUAL = "169.254.20.64/27";

    /// @param text as for [AddressPool#of], parts separated by commas
    /// @throws IllegalArgumentException if it is none, or has no IPv4 address
    public static Shared of(String text) {
      AddressPool all = AddressPool.of(List.of(text.split(",")));
      InetAddress first = all.any(4, _ -> true);
      if (first == null) {
        throw new IllegalArgumentException("no IPv4 address");
      }
      return new Shared(first, all);
    }
  }

  /// Ends, and takes the addresses away.
  @Override
  public void close() {
    task.close();
    services.close();
    try {
      hold(Set.of());
    } catch (IOException e) {
      System.getLogger(LocalAddresses.class.getName())
          .log(System.Logger.Level.WARNING, "Local addresses were left: {0}", e.getMessage());
    }
    socket.close();
  }
}
