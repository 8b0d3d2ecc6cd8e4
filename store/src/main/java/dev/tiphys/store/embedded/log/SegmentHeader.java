package dev.tiphys.store.embedded.log;

import dev.tiphys.store.embedded.disk.Corruption;
import dev.tiphys.store.embedded.disk.Disk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// The first sector of a segment.
///
/// | bytes | |
/// | --- | --- |
/// | 0 | magic |
/// | 8 | version of the format |
/// | 12 | size of the file |
/// | 20 | number of the segment |
/// | 28 | sequence of its first batch |
/// | 36 | revision of the first change in it to a key |
/// | 44 | salt |
/// | 52 | CRC32C of the above |
///
/// @param number of the segment, from 1
/// @param capacity size of the file
/// @param firstSequence all batches before this one are in earlier segments, and none from it on
/// @param firstRevision all revisions before this one are in earlier segments, and none from it on
/// @param salt a random number
public record SegmentHeader(
    long number, long capacity, long firstSequence, long firstRevision, long salt) {

  public static final int SIZE = Disk.SECTOR;

  private static final long MAGIC =
      ByteBuffer.wrap("TiphysSt".getBytes(StandardCharsets.US_ASCII)).getLong();
  private static final int VERSION = 1;
  private static final String PREFIX = "log-";
  private static final int CHECKED = 52;

  public static String name(long number) {
    return "%s%010d".formatted(PREFIX, number);
  }

  public static boolean isName(String name) {
    return name.matches(PREFIX + "\\d{10}");
  }

  public static long number(String name) {
    return Long.parseLong(name.substring(PREFIX.length()));
  }

  public String name() {
    return name(number);
  }

  public ByteBuffer bytes() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(SIZE);
    bytes.putLong(MAGIC).putInt(VERSION).putLong(capacity).putLong(number);
    bytes.putLong(firstSequence).putLong(firstRevision).putLong(salt);
    bytes.putInt(checksum(bytes));
    return bytes.clear();
  }

  /// @param path the file, for messages
  public static SegmentHeader read(String path, ByteBuffer bytes) {
    if (bytes.getLong() != MAGIC) {
      throw Corruption.at(path, 0, "this is not the beginning of a segment");
    }
    int version = bytes.getInt();
    if (version != VERSION) {
      throw Corruption.at(path, 8, "format %d, but only %d is known".formatted(version, VERSION));
    }
    long capacity = bytes.getLong();
    long number = bytes.getLong();
    SegmentHeader header =
        new SegmentHeader(number, capacity, bytes.getLong(), bytes.getLong(), bytes.getLong());
    if (bytes.getInt() != checksum(bytes)) {
      throw Corruption.at(path, 0, "the header's checksum is wrong");
    }
    return header;
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, CHECKED));
    return (int) crc.getValue();
  }
}
