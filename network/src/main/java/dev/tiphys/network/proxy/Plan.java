package dev.tiphys.network.proxy;

import dev.tiphys.network.nftables.Key;
import dev.tiphys.network.nftables.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the kernel is to have for a port of a Service. Two that are equal need no change.
///
/// @param chains the rules of each of its chains
/// @param memories its maps that know where a client was sent
/// @param entries what is to be in the sets and maps that all Services share
record Plan(Map<String, List<Line>> chains, Set<String> memories, List<Entry> entries) {

  /// The plan of a port that is not there.
  static final Plan NOTHING = new Plan(Map.of(), Set.of(), List.of());

  /// An element of a shared set or map.
  ///
  /// @param verdict where a map leads; null in a set
  record Entry(Place place, Key key, @Nullable Verdict verdict) {}
}
