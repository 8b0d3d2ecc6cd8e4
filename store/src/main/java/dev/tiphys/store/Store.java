package dev.tiphys.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A revisioned key-value store, after the model of etcd's API (version 3).
///
/// **Order.** Writes happen one after the other. Each one that changes something gets the next
/// revision; the first one in an empty store gets 2, as in etcd. Keys are ordered as strings, as
/// long as they have no characters beyond U+D7FF.
///
/// **Durability.** When [#write] has returned [WriteResult.Written], the write survives a crash of
/// the process and of the machine. A write whose call ended with an exception may or may not have
/// happened.
///
/// **Visibility.** Once a write has returned, every later call by anyone sees it. Nothing is
/// visible before it is durable.
///
/// **History.** Every revision from [#compactedRevision] to [#revision] can be read, with
/// [#snapshot(long)], and watched from. Engines compact by themselves, so history is short; it is
/// there after a restart too.
///
/// **Errors.** Every method may throw a [StoreException], whose reason is one of a closed set.
///
/// **Threads.** Any thread may call any method. Calls may wait for the disk or the network.
public interface Store extends AutoCloseable {

  /// The newest revision that can be read. 1 if nothing was ever written.
  long revision();

  /// The oldest revision that can be read. 0 if the store was never compacted.
  long compactedRevision();

  /// The newest state of `key`, or null if it does not exist.
  @Nullable KeyValue get(String key);

  /// The whole store at its newest revision.
  Snapshot snapshot();

  /// The whole store as it was at `revision`.
  ///
  /// @throws StoreException `COMPACTED` if that is older than [#compactedRevision], `FUTURE` if it
  ///   is newer than [#revision]; from an engine that is far away, only when it is read
  Snapshot snapshot(long revision);

  /// Writes or deletes one key, if its current state is the one that the caller expects.
  ///
  /// @throws StoreException `TOO_LARGE`, `NO_SPACE`, or `NO_LEASE` if the lease does not exist
  WriteResult write(Write write);

  /// Tells `watcher` of every write to a key that starts with `prefix`, beginning with those of
  /// `fromRevision`; 0 means the next one.
  ///
  /// Batches come in the order of revisions, one at a time, none left out, none twice. Writes of
  /// the past are delivered first, and from then on new ones as they happen. A watch that can't go
  /// on is ended with [Watcher#ended], and must be started again by who wants it.
  ///
  /// @throws StoreException `COMPACTED` if `fromRevision` is not 0 and not newer than
  ///   [#compactedRevision]; an engine that is far away may begin the watch and end it with that
  Watch watch(String prefix, long fromRevision, Watcher watcher);

  /// Grants a lease: a number that writes can name. When `life` has passed since it was granted or
  /// last renewed, the lease ends, and every key whose newest state names it is deleted, as if each
  /// had been written to; the deletions may share a revision. When the store is opened again, every
  /// life starts anew.
  long grantLease(Duration life);

  /// Starts the life of a lease anew. Returns false if there is no such lease (any more).
  boolean renewLease(long lease);

  /// Ends a lease now, and deletes its keys. Does nothing if there is no such lease (any more).
  void revokeLease(long lease);

  /// Gives up every state that was replaced at or before `revision`. Reading at `revision` itself
  /// is still possible. Compacting to a revision that is already given up does nothing.
  ///
  /// @throws StoreException `FUTURE` if the revision is newer than [#revision]
  void compact(long revision);

  /// How many bytes the store takes, on disk if it has one.
  long size();

  /// Ends every watch, and closes the store. What was written stays.
  @Override
  void close();
}
