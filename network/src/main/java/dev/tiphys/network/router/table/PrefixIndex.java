package dev.tiphys.network.router.table;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Routes by the beginning of a path: one look-up for each length that some prefix has.
final class PrefixIndex {

  private final boolean byElement;
  private final Map<String, List<Ranked>> routes = new HashMap<>();
  private final BitSet lengths = new BitSet();

  /// @param byElement whether a prefix must end where an element of the path ends
  PrefixIndex(boolean byElement) {
    this.byElement = byElement;
  }

  void add(String prefix, Ranked route) {
    routes.computeIfAbsent(prefix, _ -> new ArrayList<>(1)).add(route);
    lengths.set(prefix.length());
  }

  /// The first route that matches, or what was found before if that stands before it.
  @Nullable Ranked first(String path, RequestView request, @Nullable Ranked found) {
    Ranked best = found;
    int length = lengths.previousSetBit(path.length());
    while (length >= 0) {
      if (!byElement || PathMatch.Prefix.endsElement(path, length)) {
        best = Ranked.first(routes.get(path.substring(0, length)), request, best);
      }
      length = lengths.previousSetBit(length - 1);
    }
    return best;
  }
}
