package dev.tiphys.store;

import org.jspecify.annotations.Nullable;

/// What became of a [Write].
public sealed interface WriteResult {

  /// The write happened, and is on disk.
  ///
  /// @param revision the revision it got. Deleting a key that does not exist (expected `ANY` or
  ///   `ABSENT`) changes nothing: the revision is then the store's current one
  /// @param current the new state; null after a deletion
  /// @param previous the state it replaced; null if there was none
  record Written(long revision, @Nullable KeyValue current, @Nullable KeyValue previous)
      implements WriteResult {}

  /// The key was not in the expected state; nothing happened.
  ///
  /// @param current its state; null if it does not exist
  record Stale(@Nullable KeyValue current) implements WriteResult {}
}
