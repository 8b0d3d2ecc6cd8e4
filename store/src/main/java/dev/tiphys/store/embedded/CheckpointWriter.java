package dev.tiphys.store.embedded;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.disk.Disk.DiskFile;
import dev.tiphys.store.embedded.disk.Disk.DiskFullException;
import dev.tiphys.store.embedded.log.ByteWriter;
import dev.tiphys.store.replica.Tree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Writes a [Checkpoint] to its file.
///
/// The file is a row of blocks, each of its length, the CRC32C of its length and content, and its
/// content. The first block tells what the checkpoint is and how many states there are; the others
/// hold the states, in the order of their keys. The file ends with the last one.
///
/// It is written under another name and renamed when it is all on disk. So a file with a
/// checkpoint's name is whole, and if it is not, it is damaged.
final class CheckpointWriter {

  static final String UNFINISHED = "checkpoint.tmp";
  static final String MAGIC = "Tiphys checkpoint";
  static final int VERSION = 1;
  static final int BLOCK_HEADER = 8;

  private static final int BLOCK = 256 << 10;
  private static final int STATES_AT_ONCE = 256;
  private static final long BYTES_PER_SYNC = 4 << 20;

  /// About how many bytes a state takes beside key and value, at most.
  private static final int OVERHEAD = 40;

  private CheckpointWriter() {}

  /// @param bytes about how many bytes the states take
  static void write(Disk disk, Checkpoint checkpoint, long bytes) throws IOException {
    long needed = bytes + (long) OVERHEAD * checkpoint.snapshot().tree().size();
    if (disk.room() < needed) {
      throw new DiskFullException(
          "a checkpoint needs about %d bytes, and there is room for %d"
              .formatted(needed, disk.room()));
    }
    try (Blocks blocks = new Blocks(disk.create(UNFINISHED))) {
      writeHead(checkpoint, blocks.content);
      blocks.end();
      Tree tree = checkpoint.snapshot().tree();
      for (int from = 0; from < tree.size(); from += STATES_AT_ONCE) {
        for (KeyValue state : tree.range(from, Math.min(from + STATES_AT_ONCE, tree.size()))) {
          write(state, blocks.content);
        }
        if (blocks.content.size() >= BLOCK) {
          blocks.end();
        }
      }
      blocks.end();
      blocks.file.sync();
    }
    disk.rename(UNFINISHED, checkpoint.name());
    disk.syncNames();
  }

  private static void writeHead(Checkpoint checkpoint, ByteWriter into) {
    into.text(MAGIC);
    into.number(VERSION);
    into.number(checkpoint.revision());
    into.number(checkpoint.firstSegment());
    into.number(checkpoint.snapshot().tree().size());
    into.number(checkpoint.leases().size());
    checkpoint
        .leases()
        .forEach(
            (lease, life) -> {
              into.number(lease);
              into.number(life.toMillis());
            });
  }

  private static void write(KeyValue state, ByteWriter into) {
    into.text(state.key());
    into.number(state.createRevision());
    into.number(state.revision());
    into.number(state.version());
    into.number(state.lease());
    into.number(state.cause());
    into.bytes(state.value());
  }

  /// Writes blocks, one after the other.
  private static final class Blocks implements AutoCloseable {
    final DiskFile file;
    final ByteWriter content = new ByteWriter();
    private ByteBuffer block = ByteBuffer.allocateDirect(2 * BLOCK);
    private long position;
    private long synced;

    Blocks(DiskFile file) {
      this.file = file;
    }

    /// Writes what was put in [#content] as a block.
    void end() throws IOException {
      if (content.size() == 0) {
        return;
      }
      int size = BLOCK_HEADER + content.size();
      if (block.capacity() < size) {
        block = ByteBuffer.allocateDirect(size);
      }
      int checksum = checksum(content.array(), content.size());
      block.clear().putInt(content.size()).putInt(checksum);
      file.write(block.put(content.array(), 0, content.size()).flip(), position);
      position += size;
      content.clear();
      if (position - synced >= BYTES_PER_SYNC) { // one large sync would hold up those of the log
        file.sync();
        synced = position;
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  static int checksum(byte[] content, int length) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, length));
    crc.update(content, 0, length);
    return (int) crc.getValue();
  }
}
