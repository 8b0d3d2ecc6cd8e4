package dev.tiphys.store.embedded;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.disk.Disk.DiskFile;
import dev.tiphys.store.embedded.disk.Disk.DiskFullException;
import dev.tiphys.store.embedded.log.ByteWriter;
import dev.tiphys.store.replica.Tree;
import java.io.IOException;
import java.io.OutputStream;
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
    try (DiskFile file = disk.create(UNFINISHED)) {
      write(checkpoint, new FileSink(file));
      file.sync();
    }
    disk.rename(UNFINISHED, checkpoint.name());
    disk.syncNames();
  }

  /// Writes what the file would hold.
  static void write(Checkpoint checkpoint, OutputStream out) throws IOException {
    write(
        checkpoint,
        block ->
            out.write(block.array(), block.arrayOffset() + block.position(), block.remaining()));
  }

  private static void write(Checkpoint checkpoint, Sink sink) throws IOException {
    Blocks blocks = new Blocks(sink);
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

  /// Where blocks go, one after the other.
  private interface Sink {
    void write(ByteBuffer block) throws IOException;
  }

  /// A file that is synced now and then: one large sync would hold up those of the log.
  private static final class FileSink implements Sink {
    private final DiskFile file;
    private long position;
    private long synced;

    FileSink(DiskFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer block) throws IOException {
      int size = block.remaining();
      file.write(block, position);
      position += size;
      if (position - synced >= BYTES_PER_SYNC) {
        file.sync();
        synced = position;
      }
    }
  }

  /// Writes blocks, one after the other.
  private static final class Blocks {
    final ByteWriter content = new ByteWriter();
    private final Sink sink;
    private ByteBuffer block = ByteBuffer.allocate(2 * BLOCK);

    Blocks(Sink sink) {
      this.sink = sink;
    }

    /// Writes what was put in [#content] as a block.
    void end() throws IOException {
      if (content.size() == 0) {
        return;
      }
      int size = BLOCK_HEADER + content.size();
      if (block.capacity() < size) {
        block = ByteBuffer.allocate(size);
      }
      int checksum = checksum(content.array(), content.size());
      block.clear().putInt(content.size()).putInt(checksum);
      sink.write(block.put(content.array(), 0, content.size()).flip());
      content.clear();
    }
  }

  static int checksum(byte[] content, int length) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, length));
    crc.update(content, 0, length);
    return (int) crc.getValue();
  }
}
