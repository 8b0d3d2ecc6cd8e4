package dev.tiphys.store.embedded;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.embedded.disk.Corruption;
import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.disk.Disk.DiskFile;
import dev.tiphys.store.embedded.log.ByteReader;
import dev.tiphys.store.replica.Tree;
import dev.tiphys.store.replica.TreeEdit;
import dev.tiphys.store.replica.TreeSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Reads the file that a [CheckpointWriter] wrote.
final class CheckpointReader {

  private CheckpointReader() {}

  static Checkpoint read(Disk disk, String name) throws IOException {
    Checkpoint checkpoint = readUnnamed(disk, name);
    if (!checkpoint.name().equals(name)) {
      throw Corruption.at(disk.path(name), 0, "this is " + checkpoint.name());
    }
    return checkpoint;
  }

  private static Checkpoint readUnnamed(Disk disk, String name) throws IOException {
    try (DiskFile file = disk.open(name)) {
      BlockReader blocks = new BlockReader(file, disk.path(name));
      try {
        return read(blocks);
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw blocks.damage("what is here makes no sense: " + e.getMessage());
      }
    }
  }

  /// The revision of the checkpoint in a file with any name, all of which is as it was written. The
  /// states in it are not looked at.
  static long checked(Disk disk, String name) throws IOException {
    try (DiskFile file = disk.open(name)) {
      BlockReader blocks = new BlockReader(file, disk.path(name));
      try {
        long revision = begun(blocks, blocks.next());
        while (blocks.hasMore()) {
          blocks.next();
        }
        return revision;
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw blocks.damage("what is here makes no sense: " + e.getMessage());
      }
    }
  }

  /// Reads up to the revision, which is returned.
  private static long begun(BlockReader blocks, ByteReader head) {
    if (!head.text().equals(CheckpointWriter.MAGIC)) {
      throw blocks.damage("this is no checkpoint");
    }
    long version = head.number();
    if (version != CheckpointWriter.VERSION) {
      throw blocks.damage(
          "format %d, but only %d is known".formatted(version, CheckpointWriter.VERSION));
    }
    return head.number();
  }

  private static Checkpoint read(BlockReader blocks) throws IOException {
    ByteReader head = blocks.next();
    long revision = begun(blocks, head);
    long firstSegment = head.number();
    long size = head.number();
    Map<Long, Duration> leases = new HashMap<>();
    for (long left = head.number(); left > 0; left--) {
      leases.put(head.number(), Duration.ofMillis(head.number()));
    }
    TreeEdit tree = new TreeEdit(Tree.EMPTY);
    ByteReader states = head;
    for (long left = size; left > 0; left--) {
      if (!states.hasMore()) {
        states = blocks.next();
      }
      tree.put(state(states));
    }
    blocks.checkEnd();
    return new Checkpoint(new TreeSnapshot(revision, tree.tree()), firstSegment, leases);
  }

  private static KeyValue state(ByteReader from) {
    String key = from.text();
    long createRevision = from.number();
    long revision = from.number();
    long version = from.number();
    long lease = from.number();
    long cause = from.number();
    return new KeyValue(key, from.bytes(), createRevision, revision, version, lease, cause);
  }

  /// Reads blocks, one after the other.
  private static final class BlockReader {
    private final DiskFile file;
    private final String path;
    private final long size;
    private long position;

    BlockReader(DiskFile file, String path) throws IOException {
      this.file = file;
      this.path = path;
      this.size = file.size();
    }

    ByteReader next() throws IOException {
      ByteBuffer header = ByteBuffer.allocate(CheckpointWriter.BLOCK_HEADER);
      file.read(header, position);
      int length = header.getInt(0);
      if (header.hasRemaining()
          || length < 0
          || length > size - position - CheckpointWriter.BLOCK_HEADER) {
        throw damage("the file ends within the block that begins here");
      }
      byte[] content = new byte[length];
      file.read(ByteBuffer.wrap(content), position + CheckpointWriter.BLOCK_HEADER);
      if (CheckpointWriter.checksum(content, length) != header.getInt(4)) {
        throw damage("the block that begins here has a wrong checksum");
      }
      position += CheckpointWriter.BLOCK_HEADER + length;
      return new ByteReader(content, 0, length);
    }

    boolean hasMore() {
      return position < size;
    }

    void checkEnd() {
      if (position != size) {
        throw damage("the file goes on here, after its last block");
      }
    }

    StoreException damage(String what) {
      return Corruption.at(path, position, what);
    }
  }
}
