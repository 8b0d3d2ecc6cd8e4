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
/// **Visibility.** Once a write has returned, [#history] has it, and so does that of every other
/// process once it has called [#sync]. Nothing is visible before it is durable.
///
/// **History.** What is read is read from the [History]: the store's only reader of its engine. It
/// is short, and there after a restart too.
///
/// **Errors.** Every method may throw a [StoreException], whose reason is one of a closed set.
///
/// **Threads.** Any thread may call any method. Calls may wait for the disk or the network.
public interface Store extends AutoCloseable {

  /// What can be read. Always the same instance.
  ///
  /// @throws StoreException `CLOSED`; `UNAVAILABLE` if an engine that is far away has not been read
  ///   yet and does not answer
  History history();

  /// Returns when the history has every write that had returned anywhere, to any process, when this
  /// call began. An engine that only this process writes to returns at once.
  ///
  /// @throws StoreException `UNAVAILABLE` if that takes too long
  void sync();

  /// The newest revision.
  default long revision() {
    return snapshot().revision();
  }

  /// The newest state of `key`, or null if it does not exist.
  default @Nullable KeyValue get(String key) {
    return snapshot().get(key);
  }

  /// The whole store at its newest revision.
  default Snapshot snapshot() {
    sync();
    return history().newest();
  }

  /// Writes or deletes one key, if its current state is the one that the caller expects.
  ///
  /// @throws StoreException `TOO_LARGE`, `NO_SPACE`, or `NO_LEASE` if the lease does not exist
  WriteResult write(Write write);

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

  /// Whether a write would find the store able to take it: false from a write that failed for want
  /// of room or of an answer, until one succeeds.
  boolean isWritable();

  /// How many bytes the store takes, on disk if it has one.
  long size();

  /// Ends every cursor, and closes the store. What was written stays.
  @Override
  void close();
}
