package dev.tiphys.store.embedded.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Bytes being written, in an array that grows. Used again for the next batch.
public final class ByteWriter {

  private byte[] bytes = new byte[1 << 12];
  private int size;

  public int size() {
    return size;
  }

  /// The array that holds the first [#size] bytes, and more.
  public byte[] array() {
    return bytes;
  }

  public void clear() {
    size = 0;
  }

  public void tag(int tag) {
    ensure(1);
    bytes[size++] = (byte) tag;
  }

  /// A number that is not negative: seven bits a byte, lowest first, the top bit set on all but the
  /// last.
  public void number(long number) {
    ensure(10);
    long rest = number;
    while (rest > 0x7f) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  public void text(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public void bytes(byte[] added) {
    number(added.length);
    ensure(added.length);
    System.arraycopy(added, 0, bytes, size, added.length);
    size += added.length;
  }

  public int checksum() {
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
