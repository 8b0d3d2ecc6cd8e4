package dev.tiphys.store.replica;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Values by prefixes: finds those whose prefix a key starts with, without looking at each.
/// Immutable.
final class PrefixIndex<V> {

  private final TreeMap<String, V> byPrefix;

  /// The prefixes, in order, and the value of each.
  private final String[] prefixes;

  private final List<V> values;

  /// For each prefix, the place of the longest other one that it starts with, or -1.
  private final int[] parents;

  private PrefixIndex(TreeMap<String, V> byPrefix) {
    this.byPrefix = byPrefix;
    this.prefixes = byPrefix.keySet().toArray(String[]::new);
    this.values = List.copyOf(byPrefix.values());
    this.parents = new int[prefixes.length];
    for (int i = 0; i < prefixes.length; i++) {
      parents[i] = longestPrefixOf(prefixes[i], i - 1);
    }
  }

  static <V> PrefixIndex<V> empty() {
    return new PrefixIndex<>(new TreeMap<>());
  }

  PrefixIndex<V> with(String prefix, V value) {
    TreeMap<String, V> more = new TreeMap<>(byPrefix);
    more.put(prefix, value);
    return new PrefixIndex<>(more);
  }

  @Nullable V find(String prefix) {
    return byPrefix.get(prefix);
  }

  List<V> all() {
    return values;
  }

  void forEachPrefixOf(String key, Consumer<V> action) {
    int found = Arrays.binarySearch(prefixes, key);
    int nearest = found >= 0 ? found : -found - 2;
    for (int at = longestPrefixOf(key, nearest); at >= 0; at = parents[at]) {
      action.accept(values.get(at));
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
