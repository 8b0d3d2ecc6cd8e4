package dev.tiphys.store.embedded;

import dev.tiphys.store.History;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.Store;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult;
import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.log.Change;
import dev.tiphys.store.replica.Compactor;
import dev.tiphys.store.replica.Replica;
import dev.tiphys.store.replica.TreeSnapshot;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A [Store] within this process, for a single server.
///
/// All states are in memory, and are given out from there: reading never waits, and a snapshot
/// stays good however long it is held. Writes go to a log in a directory, many of them at once; or
/// nowhere, if the store is to live only as long as its process.
///
/// Replaced states are kept for five minutes, and for less if they take too much memory.
///
/// A key and its value may take 1.5 MiB together, as with etcd.
public final class EmbeddedStore implements Store {

  private static final int LARGEST = 1536 << 10;

  private final World world;
  private final Replica history;
  private final Leases leases;
  private final Compactor compactor;
  private final Sequencer sequencer;
  private final Publisher publisher;
  private final @Nullable Persistence persistence;
  private final AtomicBoolean closed = new AtomicBoolean();

  /// Opens the store in `directory`, which is made if it does not exist.
  ///
  /// @throws StoreException `IN_USE` if another store has the directory open, `CORRUPT` if what is
  ///   there is not what was written, `NO_SPACE`, or `UNAVAILABLE` if the directory can't be used
  public static EmbeddedStore open(Path directory, World world) {
    return open(directory, Options.DEFAULT, world);
  }

  static EmbeddedStore open(Path directory, Options options, World world) {
    return new EmbeddedStore(world, options, Persistence.open(directory, options, world));
  }

  static EmbeddedStore open(Disk disk, Options options, World world) {
    return new EmbeddedStore(world, options, Persistence.open(disk, () -> {}, options, world));
  }

  /// A store without a disk. Nothing in it ever waits.
  public static EmbeddedStore inMemory(World world) {
    return inMemory(Options.DEFAULT, world);
  }

  /// A store without a disk that begins with what another one had. Revisions go on from there; what
  /// was before is not known.
  ///
  /// @param start nothing in it may be tied to a lease
  public static EmbeddedStore inMemory(World world, Snapshot start) {
    TreeSnapshot states = Seed.tree(start);
    return new EmbeddedStore(
        world,
        Options.DEFAULT,
        null,
        new Replica(world, states.revision(), states),
        new Leases(world));
  }

  static EmbeddedStore inMemory(Options options, World world) {
    return new EmbeddedStore(world, options, null, Replica.empty(world), new Leases(world));
  }

  private EmbeddedStore(World world, Options options, Persistence persistence) {
    this(world, options, persistence, persistence.history(), persistence.leases());
  }

  private EmbeddedStore(
      World world,
      Options options,
      @Nullable Persistence persistence,
      Replica history,
      Leases leases) {
    this.world = world;
    this.persistence = persistence;
    this.history = history;
    this.leases = leases;
    this.compactor =
        new Compactor(world, history, options.history(), options.historyBytes(), this::compact);
    this.publisher = new Publisher(history, leases, compactor);
    this.sequencer =
        new Sequencer(
            world,
            history,
            leases,
            persistence == null ? this::publishAtOnce : persistence::wake,
            persistence == null ? () -> {} : persistence::checkRoom);
    if (persistence != null) {
      persistence.start(sequencer, publisher);
    }
    leases.start(sequencer::endLease);
    compactor.grown();
  }

  private void publishAtOnce() {
    Batch batch = sequencer.take();
    if (batch != null) {
      publisher.publish(batch);
    }
  }

  @Override
  public History history() {
    checkOpen();
    return history;
  }

  /// Returns at once: no other process writes.
  @Override
  public void sync() {
    checkOpen();
  }

  @Override
  public WriteResult write(Write write) {
    byte[] value = write.value();
    if (value != null && write.key().length() + value.length > LARGEST) {
      throw new StoreException(
          Reason.TOO_LARGE,
          "%s has %d bytes, the store takes %d"
              .formatted(write.key(), value.length, LARGEST - write.key().length()));
    }
    return sequencer.write(write);
  }

  @Override
  public long grantLease(Duration life) {
    if (!life.isPositive()) {
      throw new IllegalArgumentException("a lease needs a life longer than " + life);
    }
    long lease;
    do {
      lease = world.random().nextLong(1, Long.MAX_VALUE);
    } while (leases.exists(lease));
    sequencer.submit(new Change.Grant(lease, life));
    return lease;
  }

  @Override
  public boolean renewLease(long lease) {
    checkOpen();
    return leases.renew(lease);
  }

  @Override
  public void revokeLease(long lease) {
    checkOpen();
    sequencer.endLease(lease);
  }

  @Override
  public void compact(long revision) {
    checkOpen();
    if (revision <= history.compacted()) {
      return;
    }
    history.checkReadable(revision);
    sequencer.submit(new Change.Compact(revision));
    history.compact(revision);
    if (persistence != null) {
      persistence.compacted();
    }
  }

  /// If the last write failed, tries one that changes nothing.
  @Override
  public boolean isWritable() {
    checkOpen();
    if (persistence == null || !persistence.isFailing()) {
      return true;
    }
    try {
      sequencer.submit(new Change.Compact(history.compacted()));
      return !persistence.isFailing();
    } catch (StoreException e) {
      return false;
    }
  }

  @Override
  public long size() {
    checkOpen();
    return persistence == null ? history.liveBytes() + history.replacedBytes() : persistence.size();
  }

  /// Waits until what was written is on disk.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    StoreException reason = closedException();
    sequencer.close(reason);
    leases.stop();
    compactor.close();
    history.end(reason);
    if (persistence != null) {
      persistence.close();
    }
  }

  private void checkOpen() {
    if (closed.get()) {
      throw closedException();
    }
  }

  private static StoreException closedException() {
    return new StoreException(Reason.CLOSED, "the store is closed");
  }
}
