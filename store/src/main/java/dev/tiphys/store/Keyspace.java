package dev.tiphys.store;

import dev.tiphys.world.Gate;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The keys that start with one prefix: what happened to them, and by what else they can be found.
///
/// Threads: any.
public interface Keyspace {

  /// How many indexes a keyspace has room for.
  int INDEXES = 32;

  /// A new reader's place, which goes on with what comes after a revision.
  ///
  /// @param keyPrefix narrows the cursor to keys that start with it; itself starts with the prefix
  ///   of the keyspace
  /// @param after the revision up to which everything is known to the reader
  /// @param news opened when the cursor, having handed out everything, has something again, or has
  ///   ended
  /// @throws StoreException `COMPACTED` if `after` is older than [History#compacted]
  Cursor cursor(String keyPrefix, long after, Gate news);

  /// What is remembered of one key, the oldest first.
  List<Event> events(String key);

  /// The index named `name`. It is made with the first call, which costs a look at every state.
  /// When there are [#INDEXES], the one that was asked for longest ago and has no cursor gives way.
  ///
  /// @param value by which word a state is to be found; null for not at all. Must answer the same
  ///   for the same state, and quickly: it is asked with every write. What it throws counts as null
  /// @return null if there are [#INDEXES] others, and all have cursors
  @Nullable Index index(String name, Function<KeyValue, @Nullable String> value);
}
