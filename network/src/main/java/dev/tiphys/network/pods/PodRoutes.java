package dev.tiphys.network.pods;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.links.Hop;
import dev.tiphys.network.links.Link;
import dev.tiphys.network.links.Links;
import dev.tiphys.network.links.Route;
import dev.tiphys.network.links.Routes;
import dev.tiphys.network.netlink.NetlinkException;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The routes of one node to the Pods of the others.
///
/// What changes is in the kernel as soon as it is known; a look every 30 s makes up for what others
/// change. Routes that this program did not make are left alone, and win over its own.
///
/// Threads: any.
public final class PodRoutes implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /// What the kernel notes as the maker of these routes. No routing program has this number.
  private static final int PROTOCOL = 116;

  private final World world;
  private final NetworkSettings settings;
  private final IntConsumer packets;
  private final Informer nodes;
  private final Map<String, Remote> known = new ConcurrentHashMap<>();
  private final Gate changed;
  private final NetlinkSocket socket;
  private final SupervisedTask task;
  private volatile int mtu;

  /// @param api as `system:tiphys:pod-network` sees it
  /// @param packets is told of [#mtu] when that changes
  /// @throws IOException if the kernel cannot be asked
  public PodRoutes(World world, Api api, NetworkSettings settings, IntConsumer packets)
      throws IOException {
    this.world = world;
    this.settings = settings;
    this.packets = packets;
    this.changed = world.background().gate();
    this.nodes = new Informer(world, api, ApiResource.NODES);
    nodes.listen(new NodeListener());
    this.socket = settings.namespace().open(NetlinkSocket.ROUTE);
    Link link = link(settings, socket);
    this.mtu = link == null ? 0 : link.mtu();
    this.task = world.supervisor().task("pod-routes", OnFailure.RESTART);
  }

  /// Most changes of a Node are of no interest here.
  private final class NodeListener implements Informer.Listener {
    @Override
    public void added(Struct node) {
      put(node);
    }

    @Override
    public void updated(Struct before, Struct now) {
      put(now);
    }

    @Override
    public void deleted(Struct last) {
      if (known.remove(Meta.of(last).name()) != null) {
        changed.open();
      }
    }

    private void put(Struct node) {
      Remote now = Remote.of(node);
      if (now != null && !now.equals(known.put(now.name(), now))) {
        changed.open();
      }
    }
  }

  /// The largest packet that Pods can send to each other, in bytes, as far as is known by now; 0 if
  /// nothing is.
  public int mtu() {
    return mtu;
  }

  private static @Nullable Link link(NetworkSettings settings, NetlinkSocket socket)
      throws IOException {
    return settings.addresses().isEmpty()
        ? null
        : new Links(socket).with(settings.addresses().getFirst());
  }

  /// Starts to work, and returns at once.
  public void start() {
    nodes.start();
    task.start(this::run);
  }

  private void run() throws InterruptedException {
    nodes.awaitSynced();
    while (true) {
      try {
        Set<String> unreachable = follow();
        task.problem(
            unreachable.isEmpty()
                ? ""
                : "there is no way to the pods of " + String.join(", ", unreachable));
        boolean _ = changed.await(LOOK);
      } catch (IOException | UncheckedIOException e) {
        task.problem("the routes to pods of other nodes cannot be set: " + e.getMessage());
        world.background().sleep(RETRY);
      }
    }
  }

  /// Makes the routes as they are to be. Returns the names of nodes to which there is none.
  private Set<String> follow() throws IOException {
    Link link = link(settings, socket);
    if (link == null) {
      throw new IOException("no link has the address of this node");
    }
    InetAddress own = settings.addresses().getFirst();
    Routes routes = routes(settings, socket);
    List<Remote> others =
        known.values().stream().filter(node -> !node.name().equals(settings.node())).toList();
    Plan plan = Plan.of(others, own, link.index(), address -> hop(routes, address));
    int now = plan.tunnelled().isEmpty() ? link.mtu() : link.mtu() - Tunnel.overhead(own);
    change(routes, wanted(plan, own, now));
    if (plan.tunnelled().isEmpty()) {
      new Tunnel(settings, socket).remove();
    }
    if (mtu != now) {
      mtu = now;
      packets.accept(now);
    }
    return plan.unreachable();
  }

  private static Hop hop(Routes routes, InetAddress address) {
    try {
      return routes.hop(address);
    } catch (NetlinkException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<Route> wanted(Plan plan, InetAddress own, int mtu) throws IOException {
    Set<Route> wanted = new HashSet<>();
    for (Plan.Straight one : plan.straight()) {
      wanted.add(new Route(one.range(), one.node(), one.link(), false));
    }
    if (!plan.tunnelled().isEmpty()) {
      Tunnel tunnel = new Tunnel(settings, socket);
      int link = tunnel.ensure(own, inside(), mtu);
      tunnel.lead(link, plan.machines(), plan.ends());
      for (Plan.Tunnelled one : plan.tunnelled()) {
        wanted.add(new Route(one.range(), one.inside(), link, true));
      }
    }
    return wanted;
  }

  /// What this node calls itself when it sends through the tunnel, so that answers come back by it.
  private List<InetAddress> inside() {
    Remote self = known.get(settings.node());
    return self == null ? List.of() : self.ranges().stream().map(Prefix::first).toList();
  }

  private static void change(Routes routes, Set<Route> wanted) throws NetlinkException {
    Set<Route> present = new HashSet<>(routes.list());
    Set<Route> missing = new HashSet<>(wanted);
    missing.removeAll(present);
    present.removeAll(wanted);
    for (Route gone : present) {
      delete(routes, gone);
    }
    for (Route fresh : missing) {
      routes.put(fresh);
    }
  }

  /// It may have gone with its link.
  private static void delete(Routes routes, Route route) throws NetlinkException {
    try {
      routes.delete(route);
    } catch (NetlinkException e) {
      if (e.error() != NetlinkException.NO_SUCH_ROUTE) {
        throw e;
      }
    }
  }

  /// Those of each network have a priority of their own, by which they are known again.
  private static Routes routes(NetworkSettings settings, NetlinkSocket socket) {
    return new Routes(socket, PROTOCOL, 0x10000 | settings.name().hashCode() & 0xffff);
  }

  /// Removes the routes and the tunnel of a network, whichever process made them.
  ///
  /// @throws IOException if the kernel cannot be asked
  public static void clear(NetworkSettings settings) throws IOException {
    try (NetlinkSocket socket = settings.namespace().open(NetlinkSocket.ROUTE)) {
      change(routes(settings, socket), Set.of());
      new Tunnel(settings, socket).remove();
    }
  }

  /// Ends the work. The routes stay.
  @Override
  public void close() {
    task.close();
    nodes.close();
    socket.close();
  }
}
