package dev.tiphys.network.router.listeners;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Listener;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.RouteTable;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.network.router.tls.Certificates;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A port of the edge: the same is served at each of its addresses.
///
/// Guarded by the edge.
final class Port implements AutoCloseable {

  /// So long requests may go on when an address is given up.
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final World world;
  private final HttpRouter router;
  private final int number;
  private final Supplier<TlsSettings> other;
  private final Map<InetAddress, Listener> open = new LinkedHashMap<>();
  private Map<String, String> revisions = Map.of();
  private RouteTable table = RouteTable.EMPTY;
  private StreamTable streams = StreamTable.EMPTY;
  private @Nullable Certificates certificates;
  private List<Map<String, TlsSettings>> shown = List.of();
  private boolean showsOther;
  private boolean tls;
  private String problem = "";

  Port(World world, HttpRouter router, int number, Supplier<TlsSettings> other) {
    this.world = world;
    this.router = router;
    this.number = number;
    this.other = other;
  }

  int number() {
    return number;
  }

  /// @param fed what is served here, a site each, by precedence
  /// @return whether addresses or the problem have changed
  boolean serve(List<Edge.Fed> fed, List<InetAddress> addresses) {
    Edge.Site first = fed.getFirst().sites().getFirst();
    boolean wantsTls = first.tls();
    if (wantsTls != tls) {
      close();
      tls = wantsTls;
      certificates = null;
      shown = List.of();
    }
    String conflict = "";
    Map<String, String> served = new LinkedHashMap<>();
    List<VirtualHost> hosts = new ArrayList<>();
    List<Map<String, TlsSettings>> shown = new ArrayList<>();
    List<StreamTable> passed = new ArrayList<>();
    boolean byName = fed.stream().anyMatch(each -> each.sites().getFirst().streams().isByName());
    boolean showsOther = false;
    for (Edge.Fed each : fed) {
      Edge.Site site = each.sites().getFirst();
      if (site.tls() != tls) {
        conflict =
            "port %d is served %s TLS for %s"
                .formatted(number, tls ? "with" : "without", fed.getFirst().feeder());
        continue;
      }
      if (site.isRaw() != first.isRaw()) {
        conflict =
            "port %d is served %s HTTP for %s"
                .formatted(number, first.isRaw() ? "without" : "with", fed.getFirst().feeder());
        continue;
      }
      hosts.addAll(site.hosts());
      passed.add(fed.size() > 1 && byName ? site.streamsBesideOthers() : site.streams());
      shown.add(site.certificates());
      showsOther |= site.showsOther();
      served.put(each.feeder(), each.revision());
    }
    if (tls) {
      if (certificates == null) {
        certificates = new Certificates(world, other.get());
      }
      show(certificates, shown, showsOther);
    }
    revisions = served;
    table = RouteTable.ofFirst(text(served), hosts);
    streams = StreamTable.ofFirst(passed);
    open.values().forEach(listener -> listener.serve(table));
    open.values().forEach(listener -> listener.pass(streams));
    String before = problem;
    problem = conflict;
    return place(new LinkedHashSet<>(addresses)) | !problem.equals(before);
  }

  /// That the maps are the same ones is looked at first: to compare what is in them takes long.
  private void show(Certificates by, List<Map<String, TlsSettings>> next, boolean other) {
    boolean same = other == showsOther && next.size() == shown.size();
    for (int i = 0; same && i < next.size(); i++) {
      same = next.get(i) == shown.get(i);
    }
    if (!same) {
      Map<String, TlsSettings> byHost = new HashMap<>();
      next.forEach(each -> each.forEach(byHost::putIfAbsent));
      by.serve(byHost, other);
      shown = List.copyOf(next);
      showsOther = other;
    }
  }

  /// The revision of a table: that of its only feeder, else each one's with its name.
  private static String text(Map<String, String> revisions) {
    return revisions.size() == 1
        ? revisions.values().iterator().next()
        : String.join(
            ",",
            revisions.entrySet().stream()
                .map(each -> each.getKey() + ":" + each.getValue())
                .toList());
  }

  private boolean place(Set<InetAddress> wanted) {
    boolean moved = false;
    if (wanted.isEmpty()) {
      problem = "there is no address at which port " + number + " can be opened";
    }
    for (InetAddress address : wanted) {
      if (!open.containsKey(address)) {
        moved |= open(address);
      }
    }
    for (InetAddress address : Set.copyOf(open.keySet())) {
      if (!wanted.contains(address)) {
        drain(open.remove(address));
        moved = true;
      }
    }
    return moved;
  }

  private boolean open(InetAddress address) {
    try {
      open.put(
          address,
          router.listen(new InetSocketAddress(address, number), certificates, table, streams));
      return true;
    } catch (IOException e) {
      if (!address.isLoopbackAddress() || open.isEmpty()) {
        problem = e.getMessage() + ": " + reason(e);
      }
      return false;
    }
  }

  private static String reason(IOException e) {
    Throwable cause = e.getCause();
    return cause == null || cause.getMessage() == null ? "not possible" : cause.getMessage();
  }

  private void drain(@Nullable Listener listener) {
    if (listener != null) {
      listener.drain(); // now, so that the address may be had again at once
      world.start("edge-drain-" + number, () -> listener.close(GRACE));
    }
  }

  Set<InetAddress> addresses() {
    return open.keySet();
  }

  String problem() {
    return problem;
  }

  Map<String, String> revisions() {
    return revisions;
  }

  @Override
  public void close() {
    open.values().forEach(this::drain);
    open.clear();
  }
}
