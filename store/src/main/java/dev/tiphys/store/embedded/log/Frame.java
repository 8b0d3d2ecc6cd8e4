package dev.tiphys.store.embedded.log;

import dev.tiphys.store.embedded.disk.Disk;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// How a batch lies in a segment: whole sectors, begun for it alone, so that no sector that holds
/// something acknowledged ever gets other bytes.
///
/// A sector is 508 bytes of content and a stamp of four bytes. The stamp tells a sector that was
/// written from one that still is as the segment was prepared, all zeros, whatever its content. The
/// content is a header and the batch's changes:
///
/// | bytes | |
/// | --- | --- |
/// | 0 | magic |
/// | 4 | CRC32C of the segment's salt and the rest of the header |
/// | 8 | sequence: the number of the batch, in the whole log |
/// | 16 | the revision of the first change in it to a key |
/// | 24 | length of the changes |
/// | 28 | CRC32C of the changes |
/// | 32 | the changes |
///
/// The salt is random. So no stored value can ever be taken for a batch.
public final class Frame {

  public static final int CONTENT = Disk.SECTOR - 4;
  public static final int HEADER = 32;

  private static final int MAGIC = 0x74696234;
  private static final byte[] PADDING = new byte[CONTENT];
  private static final byte[] STAMP = {(byte) 0xc3, (byte) 0xa5, (byte) 0x96, (byte) 0xe7};

  private Frame() {}

  /// A frame's header.
  public record Header(long sequence, long firstRevision, int length, int checksum) {

    int sectors() {
      return Math.ceilDiv(HEADER + length, CONTENT);
    }
  }

  /// How many bytes a frame takes.
  public static int size(int length) {
    return Math.ceilDiv(HEADER + length, CONTENT) * Disk.SECTOR;
  }

  /// Writes a frame into `into`, which must be cleared and large enough, and flips it.
  public static void write(
      long salt, long sequence, long firstRevision, ByteWriter changes, ByteBuffer into) {
    into.putInt(0, MAGIC);
    into.putLong(8, sequence);
    into.putLong(16, firstRevision);
    into.putInt(24, changes.size());
    into.putInt(28, changes.checksum());
    into.putInt(4, headerChecksum(salt, into.slice(8, HEADER - 8)));
    into.position(HEADER);
    int written = 0;
    int room = CONTENT - HEADER;
    while (true) {
      int count = Math.min(room, changes.size() - written);
      into.put(changes.array(), written, count);
      into.put(PADDING, 0, room - count);
      into.put(STAMP);
      written += count;
      room = CONTENT;
      if (written == changes.size()) {
        into.flip();
        return;
      }
    }
  }

  /// The header in the sector at `at`, or null if there is none that is intact.
  public static @Nullable Header header(long salt, ByteBuffer sectors, int at) {
    if (sectors.getInt(at) != MAGIC
        || sectors.getInt(at + 4) != headerChecksum(salt, sectors.slice(at + 8, HEADER - 8))) {
      return null;
    }
    return new Header(
        sectors.getLong(at + 8),
        sectors.getLong(at + 16),
        sectors.getInt(at + 24),
        sectors.getInt(at + 28));
  }

  /// Whether the sector at `at` was written to its end. One byte more or less that is wrong does
  /// not change the answer.
  public static boolean isWritten(ByteBuffer sectors, int at) {
    int right = 0;
    for (int i = 0; i < STAMP.length; i++) {
      if (sectors.get(at + CONTENT + i) == STAMP[i]) {
        right++;
      }
    }
    return right >= 2;
  }

  /// The changes of the frame at `at`.
  public static byte[] changes(Header header, ByteBuffer sectors, int at) {
    byte[] changes = new byte[header.length()];
    int from = at + HEADER;
    int room = CONTENT - HEADER;
    for (int read = 0; read < changes.length; ) {
      int count = Math.min(room, changes.length - read);
      sectors.get(from, changes, read, count);
      read += count;
      from += room + STAMP.length;
      room = CONTENT;
    }
    return changes;
  }

  public static boolean isIntact(Header header, byte[] changes) {
    CRC32C crc = new CRC32C();
    crc.update(changes);
    return (int) crc.getValue() == header.checksum();
  }

  private static int headerChecksum(long salt, ByteBuffer rest) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, salt));
    crc.update(rest);
    return (int) crc.getValue();
  }
}
