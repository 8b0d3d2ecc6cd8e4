package dev.tiphys.network.router.listeners;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// The ports by which clients outside reach what is served, whichever kind of object says so. Each
/// kind has a feeder; several may serve at one port.
///
/// A port is open while a feeder wants it, so a cluster that nothing is served of has none. What
/// can't be opened is tried again.
///
/// Threads: any.
public final class Edge implements AutoCloseable {

  private static final Duration RETRY = Duration.ofSeconds(2);

  private final World world;
  private final HttpRouter router;
  private final Places places;
  private final Supplier<TlsSettings> other;
  private final List<String> precedence;
  private final Map<String, Fed> feeders = new TreeMap<>(this::compare); // guarded by this
  private final Map<Integer, Port> ports = new TreeMap<>(); // guarded by this
  private Map<Integer, List<InetAddress>> elsewhere = Map.of(); // guarded by this
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Gate look;
  private final SupervisedTask task;

  /// What a feeder wants served at one port.
  ///
  /// @param tls whether clients speak TLS there
  /// @param hosts of two with one name the first is taken
  /// @param certificates by host, in lower case, as [Certificates#serve] takes them; empty for a
  ///   port without TLS
  /// @param streams which connections are passed on as they are
  /// @param showsOther whether clients of TLS that no certificate is for are shown the edge's own
  ///   one; where no site of a port does so, their connections are closed
  public record Site(
      int port,
      boolean tls,
      List<VirtualHost> hosts,
      Map<String, TlsSettings> certificates,
      StreamTable streams,
      boolean showsOther) {
    public Site {
      hosts = List.copyOf(hosts);
      certificates = Map.copyOf(certificates);
    }

    /// A port at which HTTP is spoken without TLS, and nothing else.
    public Site(int port, List<VirtualHost> hosts) {
      this(port, false, hosts, Map.of(), StreamTable.EMPTY, false);
    }

    /// Whether all connections are passed on, whatever is spoken.
    boolean isRaw() {
      return streams.every() != null;
    }

    /// Which connections are passed on, beside those of others that have the same port.
    StreamTable streamsBesideOthers() {
      return streams.leaving(
          () -> hosts.stream().flatMap(each -> each.names().stream()).iterator());
    }
  }

  /// What a feeder serves.
  record Fed(String feeder, String revision, List<Site> sites) {}

  /// @param other the certificate for names that there is none for; asked for with the first port
  ///   that speaks TLS
  /// @param precedence names of feeders, the one first that is served where two serve the same
  ///   host; others come behind
  public Edge(
      World world,
      HttpRouter router,
      Places places,
      Supplier<TlsSettings> other,
      List<String> precedence) {
    this.world = world;
    this.router = router;
    this.places = places;
    this.other = other;
    this.precedence = List.copyOf(precedence);
    this.look = world.background().gate();
    this.task = world.supervisor().task("edge", OnFailure.RESTART);
    task.start(this::run);
  }

  private int compare(String one, String another) {
    int difference = Integer.compare(rank(one), rank(another));
    return difference == 0 ? one.compareTo(another) : difference;
  }

  private int rank(String feeder) {
    int place = precedence.indexOf(feeder);
    return place < 0 ? precedence.size() : place;
  }

  private void run() throws InterruptedException {
    while (true) {
      look.await();
      apply();
    }
  }

  /// The certificate for names that there is none for.
  public TlsSettings fallback() {
    return other.get();
  }

  /// Replaces all that a feeder serves. When this returns, the next request is answered by it,
  /// where the ports could be opened.
  ///
  /// @param revision says which state of its objects the feeder made this of
  /// @param sites one for each port
  public void serve(String feeder, String revision, List<Site> sites) {
    synchronized (this) {
      if (sites.isEmpty()) {
        feeders.remove(feeder);
      } else {
        feeders.put(feeder, new Fed(feeder, revision, List.copyOf(sites)));
      }
    }
    apply();
  }

  /// Looks again at which addresses the ports are opened: those that [Places] tells have changed.
  public void review() {
    look.open();
  }

  private void apply() {
    boolean moved;
    boolean failed = false;
    synchronized (this) {
      Map<Integer, List<Fed>> wanted = wanted();
      moved = ports.values().removeIf(port -> closed(port, wanted));
      for (Map.Entry<Integer, List<Fed>> each : wanted.entrySet()) {
        Port port =
            ports.computeIfAbsent(each.getKey(), number -> new Port(world, router, number, other));
        moved |= port.serve(each.getValue(), places.of(each.getKey(), port.addresses()));
        failed |= !port.problem().isEmpty();
      }
    }
    if (failed) {
      Timer _ = world.background().schedule(RETRY, look::open);
    }
    if (moved) {
      listeners.forEach(Runnable::run);
    }
  }

  private static boolean closed(Port port, Map<Integer, List<Fed>> wanted) {
    boolean unwanted = !wanted.containsKey(port.number());
    if (unwanted) {
      port.close();
    }
    return unwanted;
  }

  private Map<Integer, List<Fed>> wanted() {
    Map<Integer, List<Fed>> wanted = new TreeMap<>();
    for (Fed fed : feeders.values()) {
      for (Site site : fed.sites()) {
        wanted
            .computeIfAbsent(site.port(), _ -> new ArrayList<>())
            .add(new Fed(fed.feeder(), fed.revision(), List.of(site)));
      }
    }
    return wanted;
  }

  /// Other nodes serve the same at these addresses, by port, and nowhere else.
  public void elsewhere(Map<Integer, List<InetAddress>> byPort) {
    boolean changed;
    synchronized (this) {
      changed = !elsewhere.equals(byPort);
      elsewhere = Map.copyOf(byPort);
    }
    if (changed) {
      listeners.forEach(Runnable::run);
    }
  }

  /// Where clients reach the edge: the addresses at which any port is open, those of other nodes
  /// too.
  public List<InetAddress> addresses() {
    Set<InetAddress> all = new LinkedHashSet<>();
    synchronized (this) {
      ports.values().forEach(port -> all.addAll(port.addresses()));
      ports.keySet().forEach(port -> all.addAll(elsewhere.getOrDefault(port, List.of())));
    }
    return told(all);
  }

  /// Where clients reach a port, at other nodes too.
  public List<InetAddress> addresses(int port) {
    Set<InetAddress> all = new LinkedHashSet<>();
    synchronized (this) {
      Port open = ports.get(port);
      if (open != null) {
        all.addAll(open.addresses());
        all.addAll(elsewhere.getOrDefault(port, List.of()));
      }
    }
    return told(all);
  }

  /// Where clients reach each port at this node.
  Map<Integer, List<InetAddress>> here() {
    Map<Integer, List<InetAddress>> all = new TreeMap<>();
    synchronized (this) {
      ports.forEach((number, port) -> all.put(number, List.copyOf(port.addresses())));
    }
    return all;
  }

  /// The loopback is left out where there is anything else: it leads to another machine for
  /// whichever client is not on this one.
  private static List<InetAddress> told(Set<InetAddress> addresses) {
    List<InetAddress> others =
        addresses.stream().filter(each -> !each.isLoopbackAddress()).toList();
    return others.isEmpty() ? List.copyOf(addresses) : others;
  }

  /// Whether a port of an address is one of the edge's.
  public boolean isAt(InetAddress address, int port) {
    synchronized (this) {
      Port open = ports.get(port);
      return open != null && open.addresses().contains(address);
    }
  }

  /// What is in the way at each port that can't be opened as it should be, or that two feeders want
  /// different things of.
  public Map<Integer, String> problems() {
    Map<Integer, String> problems = new TreeMap<>();
    synchronized (this) {
      ports.forEach(
          (number, port) -> {
            if (!port.problem().isEmpty()) {
              problems.put(number, port.problem());
            }
          });
    }
    return problems;
  }

  /// The revision that each feeder's part of a port is served at.
  public Map<String, String> revisions(int port) {
    synchronized (this) {
      Port open = ports.get(port);
      return open == null ? Map.of() : open.revisions();
    }
  }

  /// Has something done whenever addresses or problems have changed.
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    task.close();
    synchronized (this) {
      ports.values().forEach(Port::close);
      ports.clear();
    }
  }
}
