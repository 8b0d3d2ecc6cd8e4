package dev.tiphys.network.gatewayapi;

import dev.tiphys.network.router.table.Route;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// A match of a rule with its place among all of a host: the most specific first, then that of the
/// older route, then by name; within a route as they are listed.
///
/// @param specific what is compared first, in this order, the greater the more specific
/// @param place within the route object
record Ranked(List<Integer> specific, Instant created, String key, int place, Route route) {

  static final Comparator<Ranked> ORDER =
      Comparator.comparing(Ranked::specific, Ranked::compare)
          .thenComparing(Ranked::created)
          .thenComparing(Ranked::key)
          .thenComparingInt(Ranked::place);

  private static int compare(List<Integer> one, List<Integer> another) {
    for (int i = 0; i < Math.min(one.size(), another.size()); i++) {
      int difference = Integer.compare(another.get(i), one.get(i));
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }
}
