package dev.tiphys.store.embedded.disk;

import dev.tiphys.store.embedded.disk.Disk.DiskFile;
import dev.tiphys.store.embedded.disk.Disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Room on a disk that is kept for when it is full, by a file of zeros. Once the file is given up,
/// there is room for deletions, and for the checkpoint after which what was deleted takes none.
///
/// Threads: one at a time gives it up and restores it; any asks.
public final class Reserve {

  public static final String NAME = "reserve";

  private static final System.Logger LOG = System.getLogger(Reserve.class.getName());
  private static final int CHUNK = 1 << 20;

  private final Disk disk;
  private final long bytes;
  private volatile boolean held;

  /// @param bytes how much room to keep
  public Reserve(Disk disk, long bytes) {
    this.disk = disk;
    this.bytes = bytes;
  }

  /// Has the room from now on, if there is so much; warns if there is not.
  public void begin() {
    try {
      held = isThere();
      if (!held) {
        restore();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "no room is kept for deletions", e);
    }
  }

  private boolean isThere() throws IOException {
    if (!disk.names().contains(NAME)) {
      return false;
    }
    try (DiskFile file = disk.open(NAME)) {
      return file.size() >= bytes;
    }
  }

  public boolean isHeld() {
    return held;
  }

  /// Whether there is room enough to restore it, and to go on beside it.
  public boolean hasRoom() {
    try {
      return disk.room() >= 2 * bytes;
    } catch (IOException e) {
      return false; // as long as nothing is known
    }
  }

  /// Frees the room.
  public void giveUp() throws IOException {
    held = false;
    disk.delete(NAME);
  }

  /// Has the room again, unless it is held still.
  ///
  /// @throws DiskFullException if there is not so much
  public void restore() throws IOException {
    if (held) {
      return;
    }
    if (!hasRoom()) {
      throw new DiskFullException(
          "%d bytes are kept for deletions, and there is room for %d"
              .formatted(2 * bytes, disk.room()));
    }
    try (DiskFile file = disk.create(NAME)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK, bytes));
      for (long at = 0; at < bytes; at += zeros.limit()) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
        file.write(zeros, at);
      }
      held = true;
    } finally {
      if (!held) {
        disk.delete(NAME);
      }
    }
  }
}
