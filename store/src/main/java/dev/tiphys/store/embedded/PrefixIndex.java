package dev.tiphys.store.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Finds the watches that a key concerns, without asking each of them. Immutable.
final class PrefixIndex {

  static final PrefixIndex EMPTY = new PrefixIndex(List.of());

  private final List<RunningWatch> watches;

  /// The different prefixes, in order.
  private final String[] prefixes;

  /// For each prefix, the place of the longest other one that it starts with, or -1.
  private final int[] parents;

  private final List<List<RunningWatch>> watchesByPrefix;

  private PrefixIndex(List<RunningWatch> watches) {
    TreeMap<String, List<RunningWatch>> byPrefix = new TreeMap<>();
    for (RunningWatch watch : watches) {
      byPrefix.computeIfAbsent(watch.prefix(), _ -> new ArrayList<>()).add(watch);
    }
    this.watches = watches;
    this.prefixes = byPrefix.keySet().toArray(String[]::new);
    this.watchesByPrefix = byPrefix.entrySet().stream().map(Map.Entry::getValue).toList();
    this.parents = new int[prefixes.length];
    for (int i = 0; i < prefixes.length; i++) {
      parents[i] = longestPrefixOf(prefixes[i], i - 1);
    }
  }

  PrefixIndex with(RunningWatch added) {
    List<RunningWatch> more = new ArrayList<>(watches);
    more.add(added);
    return new PrefixIndex(more);
  }

  PrefixIndex without(RunningWatch removed) {
    List<RunningWatch> fewer = new ArrayList<>(watches);
    fewer.remove(removed);
    return new PrefixIndex(fewer);
  }

  List<RunningWatch> all() {
    return watches;
  }

  void forEachConcerned(String key, Consumer<RunningWatch> action) {
    int found = Arrays.binarySearch(prefixes, key);
    int nearest = found >= 0 ? found : -found - 2;
    for (int at = longestPrefixOf(key, nearest); at >= 0; at = parents[at]) {
      watchesByPrefix.get(at).forEach(action);
    }
  }

  /// The longest prefix of `text` among those up to place `nearest`, which is the place of the last
  /// one that is not after `text`. If that is no prefix of `text`, then one that is, is one of it
  /// too.
  private int longestPrefixOf(String text, int nearest) {
    int at = nearest;
    while (at >= 0 && !text.startsWith(prefixes[at])) {
      at = parents[at];
    }
    return at;
  }
}
