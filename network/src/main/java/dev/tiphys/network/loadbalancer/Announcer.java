package dev.tiphys.network.loadbalancer;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.links.Addresses;
import dev.tiphys.network.links.GratuitousArp;
import dev.tiphys.network.links.HardwareAddress;
import dev.tiphys.network.links.Link;
import dev.tiphys.network.links.Links;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
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

/// Lets machines on this node's link find those addresses of a pool that this node answers for.
///
/// The node has such an address on its own link, so that its kernel answers for it (ARP, NDP); when
/// it comes here, that is told to all at once. What the address leads to is the proxy's work. All
/// addresses of the pool on that link are taken to be of this making: those that are not wanted are
/// removed.
///
/// Threads: any.
public final class Announcer implements AutoCloseable {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final World world;
  private final NetworkSettings settings;
  private final AddressPool pool;
  private final Informer services;
  private final Informer nodes;
  private final Informer slices;
  private final ObjectIndex slicesOf;
  private final Gate changed;
  private final NetlinkSocket socket;
  private final SupervisedTask task;

  /// @param api as a service proxy sees it
  /// @throws IOException if the kernel cannot be asked
  public Announcer(World world, Api api, NetworkSettings settings, AddressPool pool)
      throws IOException {
    this.world = world;
    this.settings = settings;
    this.pool = pool;
    this.changed = world.background().gate();
    this.services = new Informer(world, api, ApiResource.SERVICES);
    this.nodes = new Informer(world, api, ApiResource.NODES);
    this.slices = new Informer(world, api, ApiResource.ENDPOINT_SLICES);
    this.slicesOf =
        slices.index(
            slice ->
                List.of(
                    Meta.of(slice).namespace()
                        + "/"
                        + Meta.of(slice).label("kubernetes.io/service-name")));
    for (Informer informer : List.of(services, nodes, slices)) {
      informer.listen(Informer.Listener.ofAll(_ -> changed.open()));
    }
    this.socket = settings.namespace().open(NetlinkSocket.ROUTE);
    this.task = world.supervisor().task("load-balancer-addresses", OnFailure.RESTART);
  }

  /// Starts to work, and returns at once.
  public void start() {
    services.start();
    nodes.start();
    slices.start();
    task.start(this::run);
  }

  private void run() throws InterruptedException {
    services.awaitSynced();
    nodes.awaitSynced();
    slices.awaitSynced();
    while (true) {
      try {
        hold(wanted());
        task.problem("");
        changed.await();
      } catch (IOException e) {
        task.problem("addresses of load balancers cannot be had: " + e.getMessage());
        world.background().sleep(RETRY);
      }
    }
  }

  private Set<InetAddress> wanted() {
    Set<InetAddress> wanted = new LinkedHashSet<>();
    for (Struct service : services.list()) {
      for (String text : PortConflicts.addresses(service)) {
        if (IpAddress.parse(text) != null && pool.contains(InetAddress.ofLiteral(text))) {
          List<Struct> own = slicesOf.with(ObjectKey.of(service).toString());
          if (settings.node().equals(Election.winner(text, service, nodes.list(), own))) {
            wanted.add(InetAddress.ofLiteral(text));
          }
        }
      }
    }
    return wanted;
  }

  private void hold(Set<InetAddress> wanted) throws IOException {
    Links links = new Links(socket);
    Link link = links.with(settings.addresses().getFirst());
    if (link == null) {
      throw new IOException("no link has the node's address " + settings.addresses().getFirst());
    }
    Addresses addresses = new Addresses(socket, link.index());
    Set<InetAddress> present = addresses.list();
    for (InetAddress address : present) {
      if (pool.contains(address) && !wanted.contains(address)) {
        addresses.delete(address);
      }
    }
    for (InetAddress address : wanted) {
      if (!present.contains(address)) {
        addresses.put(address);
        tell(links, link, address);
      }
    }
  }

  private void tell(Links links, Link link, InetAddress address) throws IOException {
    HardwareAddress hardware = links.hardware(link);
    if (Family.of(address) == Family.IPV4 && hardware != null) {
      GratuitousArp.send(settings.namespace(), link.index(), hardware, address);
    }
  }

  /// Removes those addresses of a pool from this node that it answers for.
  ///
  /// @throws IOException if the kernel cannot be asked
  public void remove() throws IOException {
    hold(Set.of());
  }

  /// Ends. The addresses stay, until another node answers for them or this one starts again.
  @Override
  public void close() {
    task.close();
    services.close();
    nodes.close();
    slices.close();
    socket.close();
  }
}
