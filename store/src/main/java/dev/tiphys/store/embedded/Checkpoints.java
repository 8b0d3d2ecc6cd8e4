package dev.tiphys.store.embedded;

import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.disk.Reserve;
import dev.tiphys.store.embedded.log.Log;
import dev.tiphys.store.embedded.log.Waiting;
import dev.tiphys.store.replica.Replica;
import dev.tiphys.store.replica.TreeSnapshot;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Keeps the log short: once enough of it tells of what is compacted away, writes a checkpoint and
/// deletes that part. Writers go on meanwhile, since what is written is an immutable snapshot.
///
/// Threads: any.
final class Checkpoints {

  private static final System.Logger LOG = System.getLogger(Checkpoints.class.getName());

  private final Disk disk;
  private final Options options;
  private final World world;
  private final Replica history;
  private final Leases leases;
  private final Log log;
  private final Reserve reserve;
  private final Object lock = new Object();
  private @Nullable Task running; // guarded by lock
  private boolean closed; // guarded by lock

  Checkpoints(
      Disk disk,
      Options options,
      World world,
      Replica history,
      Leases leases,
      Log log,
      Reserve reserve) {
    this.disk = disk;
    this.options = options;
    this.world = world;
    this.history = history;
    this.leases = leases;
    this.log = log;
    this.reserve = reserve;
  }

  /// The history was compacted: begins a checkpoint, if it is worth it and none is on its way. On a
  /// full disk any part of the log that goes is worth it.
  void consider() {
    long superfluous = log.bytesBefore(log.firstNeeded(history.oldest().revision()));
    long least = reserve.isHeld() ? Math.max(options.checkpointBytes(), history.liveBytes()) : 1;
    if (superfluous < Math.max(least, 1)) {
      return;
    }
    synchronized (lock) {
      if (!closed && (running == null || running.done())) {
        running = world.startThread("store checkpoint", this::make);
      }
    }
  }

  /// What was granted before the first needed segment was begun is among the leases, since these
  /// are looked at later. What is among them and was granted later, the log tells again: no harm.
  private void make() {
    TreeSnapshot oldest = history.oldest();
    long firstNeeded = log.firstNeeded(oldest.revision());
    Checkpoint checkpoint = new Checkpoint(oldest, firstNeeded, leases.lives());
    try {
      CheckpointWriter.write(disk, checkpoint, history.liveBytes());
      for (String name : disk.names()) {
        if (Checkpoint.isName(name) && !name.equals(checkpoint.name())) {
          disk.delete(name);
        }
      }
      log.dropBefore(firstNeeded);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "no checkpoint, will try again later", e);
    }
  }

  /// Waits until none is on its way, and begins no more.
  void close() {
    Task last;
    synchronized (lock) {
      closed = true;
      last = running;
    }
    if (last != null) {
      Waiting.forEnd(last);
    }
  }
}
