package dev.tiphys.store;

import java.time.Duration;
import java.time.Instant;

/// What a store holds and lately held, in the memory of this process: the one source of every list,
/// every watch and every look into the past.
///
/// A history grows by whole revisions, in their order. All readers see the same instances of
/// [KeyValue] and [Event], so what is attached to these is made once.
///
/// **How new.** A history never waits for anything far away, so it may lag behind what another
/// process has written. [Store#sync] brings it up to that.
///
/// **How old.** Every revision from [#compacted] to the newest can be read and followed. Older ones
/// are given up after some minutes, or sooner where they take too much memory.
///
/// Threads: any.
public interface History {

  /// The whole store at the newest revision known here.
  Snapshot newest();

  /// The oldest revision that can be read; 0 if nothing was ever given up.
  long compacted();

  /// The whole store as it was at `revision`.
  ///
  /// @throws StoreException `COMPACTED` if that is older than [#compacted], `FUTURE` if it has not
  ///   been reached
  Snapshot at(long revision);

  /// The newest revision at a time, to about a tenth of a second. Times are known since this
  /// process opened the store.
  ///
  /// @throws StoreException `COMPACTED` if that time is not known (any more)
  long revisionAt(Instant time);

  /// Waits until `revision` has been reached. Returns whether it was, within `limit`.
  ///
  /// @throws StoreException `CLOSED` if the store is closed
  boolean await(long revision, Duration limit) throws InterruptedException;

  /// The part of the history that concerns keys starting with `prefix`. It is set up with the first
  /// call for a prefix, which costs a look at every event that is remembered, and kept from then
  /// on.
  Keyspace keyspace(String prefix);
}
