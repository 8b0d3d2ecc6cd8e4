package dev.tiphys.network.router.table;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All hosts that are served, at one revision.
///
/// Immutable: a change is a new table, which shares the hosts that did not change. A request is
/// finished on the table it began with.
public final class RouteTable {

  /// A table that knows no host.
  public static final RouteTable EMPTY = new RouteTable("", Map.of(), Map.of(), Map.of(), null);

  private final String revision;
  private final Map<String, VirtualHost> exact;
  private final Map<String, VirtualHost> labels; // by what follows the first label, with its dot
  private final Map<String, VirtualHost> wildcards; // by what follows the star, with its dot
  private final @Nullable VirtualHost fallback;

  private RouteTable(
      String revision,
      Map<String, VirtualHost> exact,
      Map<String, VirtualHost> labels,
      Map<String, VirtualHost> wildcards,
      @Nullable VirtualHost fallback) {
    this.revision = revision;
    this.exact = exact;
    this.labels = labels;
    this.wildcards = wildcards;
    this.fallback = fallback;
  }

  /// @param revision says which state of the objects the table was made of
  /// @param hosts their names must not overlap
  public static RouteTable of(String revision, Collection<VirtualHost> hosts) {
    return of(revision, hosts, true);
  }

  /// @param revision says which state of the objects the table was made of
  /// @param hosts of two with the same name, that name is the first one's
  public static RouteTable ofFirst(String revision, Collection<VirtualHost> hosts) {
    return of(revision, hosts, false);
  }

  private static RouteTable of(String revision, Collection<VirtualHost> hosts, boolean distinct) {
    Map<String, VirtualHost> exact = HashMap.newHashMap(hosts.size());
    Map<String, VirtualHost> labels = new HashMap<>();
    Map<String, VirtualHost> wildcards = new HashMap<>();
    VirtualHost fallback = null;
    for (VirtualHost host : hosts) {
      for (HostName name : host.names()) {
        VirtualHost other =
            switch (name) {
              case HostName.Exact(String is) -> exact.putIfAbsent(is, host);
              case HostName.OneLabel(String suffix) -> labels.putIfAbsent(suffix, host);
              case HostName.Wildcard(String suffix) -> wildcards.putIfAbsent(suffix, host);
              case HostName.Any() -> fallback;
            };
        if (other != null && distinct) {
          throw new IllegalArgumentException("two hosts are named " + name);
        }
        if (name instanceof HostName.Any && fallback == null) {
          fallback = host;
        }
      }
    }
    return new RouteTable(revision, exact, labels, wildcards, fallback);
  }

  /// Says which state of the objects the table was made of.
  public String revision() {
    return revision;
  }

  /// The host for a name: the one of that very name, else that of the longest wildcard, else the
  /// one for any name.
  ///
  /// @param name in lower case, without a port
  public @Nullable VirtualHost host(String name) {
    VirtualHost host = exact.get(name);
    if (host != null) {
      return host;
    }
    int first = name.indexOf('.');
    if (first > 0 && !labels.isEmpty()) {
      host = labels.get(name.substring(first));
      if (host != null) {
        return host;
      }
    }
    if (!wildcards.isEmpty()) {
      for (int dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
        host = wildcards.get(name.substring(dot));
        if (host != null) {
          return host;
        }
      }
    }
    return fallback;
  }

  /// The route for a request, and null if there is none.
  public @Nullable Route route(RequestView request) {
    VirtualHost host = host(request.host());
    return host == null ? null : host.route(request);
  }
}
