package dev.tiphys.store.embedded.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads what a [ByteWriter] wrote.
///
/// The bytes were checked against their checksum before. What makes no sense here all the same is
/// an [IllegalArgumentException] or an [IndexOutOfBoundsException].
public final class ByteReader {

  private final byte[] bytes;
  private final int end;
  private int at;

  public ByteReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  public boolean hasMore() {
    return at < end;
  }

  public int tag() {
    return bytes[at++];
  }

  public long number() {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = bytes[at++];
      number |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new IllegalArgumentException("a number that does not end");
  }

  public String text() {
    int length = length();
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  public byte[] bytes() {
    int length = length();
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  private int length() {
    long length = number();
    if (length < 0 || length > end - at) {
      throw new IllegalArgumentException("a length of " + length);
    }
    return (int) length;
  }
}
