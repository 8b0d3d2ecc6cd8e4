package dev.tiphys.network.router.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The routes of a host. The first of the list that matches a request is the one that is taken.
///
/// The list is not walked through: exact paths and prefixes are found by hash, and of the regular
/// expressions only those are tried that stand before what was found so.
///
/// Threads: any; immutable.
public final class VirtualHost {

  private final List<HostName> names;
  private final Map<String, List<Ranked>> exact = new HashMap<>();
  private final PrefixIndex elements = new PrefixIndex(true);
  private final PrefixIndex characters = new PrefixIndex(false);
  private final List<Ranked> expressions = new ArrayList<>();

  /// @param names those it is asked for under
  /// @param routes what comes first takes precedence
  public VirtualHost(List<HostName> names, List<Route> routes) {
    this.names = List.copyOf(names);
    for (int rank = 0; rank < routes.size(); rank++) {
      Ranked ranked = new Ranked(rank, routes.get(rank));
      switch (ranked.route().path()) {
        case PathMatch.Exact(String path) ->
            exact.computeIfAbsent(path, _ -> new ArrayList<>(1)).add(ranked);
        case PathMatch.Prefix(String path) -> elements.add(path, ranked);
        case PathMatch.Characters(String prefix) -> characters.add(prefix, ranked);
        case PathMatch.Expression _ -> expressions.add(ranked);
      }
    }
  }

  /// The names it is asked for under.
  public List<HostName> names() {
    return names;
  }

  /// The route for a request, and null if there is none.
  public @Nullable Route route(RequestView request) {
    String path = request.path();
    Ranked best = Ranked.first(exact.get(path), request, null);
    best = elements.first(path, request, best);
    best = characters.first(path, request, best);
    for (Ranked next : expressions) {
      if (best != null && best.rank() < next.rank()) {
        break;
      }
      if (next.route().path().matches(path) && next.route().admits(request)) {
        return next.route();
      }
    }
    return best == null ? null : best.route();
  }
}
