package dev.tiphys.store.embedded.log;

import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.disk.Disk.DiskFile;
import dev.tiphys.store.embedded.disk.Disk.DiskFullException;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The file that the log will go on in: made and filled with zeros ahead of time, so that going on
/// there is quick, and so that writing to it needs no more room on the disk.
///
/// Threads: used by one at a time; it has another one of its own.
public final class Spare {

  public static final String NAME = "spare.tmp";

  private static final System.Logger LOG = System.getLogger(Spare.class.getName());
  private static final int CHUNK = 1 << 20;

  private final Disk disk;
  private final World world;
  private @Nullable Task preparing;
  private volatile @Nullable Prepared prepared; // written by the task, taken after its end

  /// A file that holds nothing but zeros, on disk.
  public record Prepared(DiskFile file, long capacity) {}

  public Spare(Disk disk, World world) {
    this.disk = disk;
    this.world = world;
  }

  /// Begins to make a file, if none is there or in the making.
  ///
  /// @param least how many bytes it must have
  /// @param wanted how many it is to have, unless that were more than half of what there is room
  ///   for
  public void prepare(long least, long wanted) {
    if (preparing == null) {
      preparing = world.startThread("store spare segment", () -> tryToMake(least, wanted));
    }
  }

  /// The file that was prepared, or, if there is none or it is too small, one made now. The caller
  /// renames it.
  public Prepared take(long least, long wanted) throws IOException {
    awaitPrepared();
    Prepared ready = prepared;
    prepared = null;
    preparing = null;
    if (ready != null && ready.capacity() >= least) {
      return ready;
    }
    if (ready != null) {
      ready.file().close();
    }
    return make(least, wanted);
  }

  public void close() throws IOException {
    awaitPrepared();
    Prepared ready = prepared;
    if (ready != null) {
      ready.file().close();
      disk.delete(NAME);
    }
  }

  private void awaitPrepared() {
    Task task = preparing;
    if (task != null) {
      Waiting.forEnd(task);
    }
  }

  private void tryToMake(long least, long wanted) {
    try {
      prepared = make(least, wanted);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the log's next segment could not be prepared", e);
    }
  }

  private Prepared make(long least, long wanted) throws IOException {
    long room = disk.room();
    long half = room / 2 / Disk.SECTOR * Disk.SECTOR;
    long capacity = Math.max(least, Math.min(half, wanted));
    if (room < capacity) {
      throw new DiskFullException(
          "the log needs a file of %d bytes, and there is room for %d".formatted(capacity, room));
    }
    try {
      return made(capacity);
    } catch (DiskFullException e) { // the disk said that there were more
      if (capacity == least) {
        throw e;
      }
      return made(least);
    }
  }

  private Prepared made(long capacity) throws IOException {
    DiskFile file = disk.create(NAME);
    try {
      fill(file, capacity);
    } catch (IOException e) {
      file.close();
      disk.delete(NAME);
      throw e;
    }
    return new Prepared(file, capacity);
  }

  /// Syncs after each chunk: one large sync would hold up those of the log.
  private static void fill(DiskFile file, long capacity) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK, capacity));
    for (long at = 0; at < capacity; at += zeros.limit()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), capacity - at));
      file.write(zeros, at);
      file.sync();
    }
  }
}
