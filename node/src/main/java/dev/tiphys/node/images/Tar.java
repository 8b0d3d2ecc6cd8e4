package dev.tiphys.node.images;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The form of tar archives: blocks of 512 bytes, a header and then the content of each file, as
/// POSIX describes under `pax`.
final class Tar {

  static final int BLOCK = 512;

  private Tar() {}

  /// An archive with one file that belongs to root. The same file gives the same bytes.
  static byte[] of(String name, int mode, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header(name, mode, content.length));
    out.writeBytes(content);
    out.writeBytes(new byte[padding(content.length) + 2 * BLOCK]);
    return out.toByteArray();
  }

  /// How many bytes fill up the last block of so many.
  static int padding(long size) {
    return (int) (-size & (BLOCK - 1));
  }

  static int checksum(byte[] header) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    return sum;
  }

  private static byte[] header(String name, int mode, long size) {
    ByteBuffer header = ByteBuffer.allocate(BLOCK);
    put(header, 0, name);
    put(header, 100, "%07o".formatted(mode));
    put(header, 108, "%07o".formatted(0)); // user
    put(header, 116, "%07o".formatted(0)); // group
    put(header, 124, "%011o".formatted(size));
    put(header, 136, "%011o".formatted(0)); // modified at the beginning of time
    put(header, 156, "0"); // a regular file
    put(header, 257, "ustar\0" + "00");
    put(header, 148, "%06o\0 ".formatted(checksum(header.array())));
    return header.array();
  }

  private static void put(ByteBuffer header, int offset, String text) {
    header.put(offset, text.getBytes(StandardCharsets.UTF_8));
  }
}
