package dev.tiphys.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The whole store as it was at one revision.
///
/// It is immutable, and good for as long as it is held: it keeps the states it shows in memory.
///
/// Threads: any.
public interface Snapshot {

  long revision();

  /// The state of `key` at this revision, or null if it did not exist.
  @Nullable KeyValue get(String key);

  /// The states of the first `limit` keys that start with `prefix` and come after the key `after`,
  /// in order. An empty `after` means from the first one.
  ///
  /// @param limit at least 1; `Integer.MAX_VALUE` for all
  List<KeyValue> list(String prefix, String after, int limit);

  /// How many keys start with `prefix` and come after the key `after`.
  long count(String prefix, String after);
}
