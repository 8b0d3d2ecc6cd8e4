package dev.tiphys.network.router.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A route and its place in the list.
record Ranked(int rank, Route route) {

  /// The first of some routes whose path matches that admits the request, or what was found before
  /// if that stands before it.
  ///
  /// @param routes in the order of their ranks; null for none
  static @Nullable Ranked first(
      @Nullable List<Ranked> routes, RequestView request, @Nullable Ranked best) {
    if (routes == null) {
      return best;
    }
    for (Ranked next : routes) {
      if (best != null && best.rank < next.rank) {
        return best;
      }
      if (next.route.admits(request)) {
        return next;
      }
    }
    return best;
  }
}
