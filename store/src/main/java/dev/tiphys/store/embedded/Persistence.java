package dev.tiphys.store.embedded;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.embedded.disk.DirectoryLock;
import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.disk.Disk.DiskFullException;
import dev.tiphys.store.embedded.disk.RealDisk;
import dev.tiphys.store.embedded.disk.Reserve;
import dev.tiphys.store.embedded.log.Log;
import dev.tiphys.store.replica.Replica;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// All that makes a store outlive its process: the directory, the log, the checkpoints.
final class Persistence {

  private static final System.Logger LOG = System.getLogger(Persistence.class.getName());

  private final World world;
  private final Disk disk;
  private final Closeable lock;
  private final Leases leases;
  private final Replica history;
  private final Log log;
  private final Reserve reserve;
  private final Checkpoints checkpoints;
  private final Gate queued;
  private @Nullable Journal journal;

  private Persistence(
      World world,
      Disk disk,
      Closeable lock,
      Options options,
      Leases leases,
      Recovery.Recovered found) {
    this.world = world;
    this.disk = disk;
    this.lock = lock;
    this.leases = leases;
    this.history = found.history();
    this.log = found.log();
    this.reserve = new Reserve(disk, options.reserveBytes());
    this.checkpoints = new Checkpoints(disk, options, world, history, leases, log, reserve);
    this.queued = world.gate();
  }

  static Persistence open(Path directory, Options options, World world) {
    try {
      RealDisk disk = RealDisk.at(directory);
      return open(disk, DirectoryLock.take(directory), options, world);
    } catch (IOException e) {
      throw cannotOpen(directory.toString(), e);
    }
  }

  /// @param lock what keeps others from the disk; closed in the end
  static Persistence open(Disk disk, Closeable lock, Options options, World world) {
    try {
      Leases leases = new Leases(world);
      Recovery.Recovered found = Recovery.recover(disk, options, world, leases);
      return new Persistence(world, disk, lock, options, leases, found);
    } catch (IOException | RuntimeException e) {
      release(lock);
      throw e instanceof StoreException known ? known : cannotOpen(disk.path(""), e);
    }
  }

  private static StoreException cannotOpen(String where, Exception e) {
    Reason reason = e instanceof DiskFullException ? Reason.NO_SPACE : Reason.UNAVAILABLE;
    return new StoreException(reason, "the store in %s can't be opened: %s".formatted(where, e), e);
  }

  Replica history() {
    return history;
  }

  Leases leases() {
    return leases;
  }

  /// Begins to write what is queued.
  void start(Sequencer sequencer, Publisher publisher) {
    reserve.begin();
    journal = new Journal(sequencer, publisher, log, reserve, queued, world);
  }

  /// Something is queued.
  void wake() {
    queued.open();
  }

  /// @throws StoreException `NO_SPACE` if there is room only for what frees some
  void checkRoom() {
    if (!reserve.isHeld() && !reserve.hasRoom()) {
      throw new StoreException(
          Reason.NO_SPACE,
          "the disk is full: only deletions are written. Free some space for %s; writing then goes on by itself"
              .formatted(disk.path("")));
    }
  }

  /// Whether the last write to the log failed, or only deletions are written.
  boolean isFailing() {
    return journal != null && journal.isFailing();
  }

  /// The history was compacted.
  void compacted() {
    checkpoints.consider();
  }

  long size() {
    try {
      return disk.size();
    } catch (IOException e) {
      throw new StoreException(Reason.UNAVAILABLE, "the size can't be told: " + e, e);
    }
  }

  /// Writes what is still queued, and gives the directory back.
  void close() {
    if (journal != null) {
      journal.close();
    }
    checkpoints.close();
    release(log::close);
    release(lock);
  }

  private static void release(Closeable held) {
    try {
      held.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a file could not be closed", e);
    }
  }
}
