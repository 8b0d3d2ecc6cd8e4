package dev.tiphys.store.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Bytes being written, in an array that grows. Used again for the next batch.
final class ByteWriter {

  private byte[] bytes = new byte[1 << 12];
  private int size;

  int size() {
    return size;
  }

  /// The array that holds the first [#size] bytes, and more.
  byte[] array() {
    return bytes;
  }

  void clear() {
    size = 0;
  }

  void tag(int tag) {
    ensure(1);
    bytes[size++] = (byte) tag;
  }

  /// A number that is not negative: seven bits a byte, lowest first, the top bit set on all but the
  /// last.
  void number(long number) {
    ensure(10);
    long rest = number;
    while (rest > 0x7f) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void text(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  void bytes(byte[] added) {
    number(added.length);
    ensure(added.length);
    System.arraycopy(added, 0, bytes, size, added.length);
    size += added.length;
  }

  int checksum() {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, size);
    return (int) crc.getValue();
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}
