package dev.tiphys.object.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes that grow at their end.
///
/// Threads: one.
public final class ByteBuilder {

  private byte[] bytes;
  private int size;

  public ByteBuilder(int expected) {
    bytes = new byte[Math.max(16, expected)];
  }

  public int size() {
    return size;
  }

  /// Drops what comes after the first `size` bytes.
  public void truncate(int size) {
    this.size = Math.min(size, this.size);
  }

  public void add(int value) {
    if (size == bytes.length) {
      reserve(1);
    }
    bytes[size++] = (byte) value;
  }

  public void add(byte[] more) {
    add(more, 0, more.length);
  }

  public void add(byte[] more, int offset, int length) {
    reserve(length);
    System.arraycopy(more, offset, bytes, size, length);
    size += length;
  }

  /// Adds characters that are all ASCII.
  @SuppressWarnings(
      "deprecation") // drops high bytes, which ASCII does not have, and is the fast way
  public void addAscii(String text) {
    int length = text.length();
    reserve(length);
    text.getBytes(0, length, bytes, size);
    size += length;
  }

  public void addUtf8(String text) {
    add(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The bytes added so far: a copy.
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
