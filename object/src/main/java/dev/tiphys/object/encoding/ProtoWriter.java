package dev.tiphys.object.encoding;

import java.nio.charset.StandardCharsets;

/// Writes protobuf's wire format, from the end to the beginning: so the length of an inner message
/// is known when its tag is due, and nothing is measured or copied twice.
///
/// Who writes a message writes its fields from the last to the first, each one's content before its
/// tag: [#mark], content, then [#message]. See <https://protobuf.dev/programming-guides/encoding/>.
///
/// Threads: one.
public final class ProtoWriter {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;

  private byte[] bytes;
  private int start;

  public ProtoWriter(int expected) {
    bytes = new byte[Math.max(64, expected)];
    start = bytes.length;
  }

  /// How many bytes stand there: where the message that is written next will end.
  public int mark() {
    return bytes.length - start;
  }

  /// Closes the message whose content was written since `mark`, as field `number`.
  public void message(int number, int mark) {
    varint(mark() - mark);
    tag(number, LENGTH_DELIMITED);
  }

  public void string(int number, String text) {
    bytes(number, text.getBytes(StandardCharsets.UTF_8));
  }

  public void bytes(int number, byte[] value) {
    raw(value);
    varint(value.length);
    tag(number, LENGTH_DELIMITED);
  }

  public void int64(int number, long value) {
    varint(value);
    tag(number, VARINT);
  }

  public void bool(int number, boolean value) {
    int64(number, value ? 1 : 0);
  }

  public void fixed64(int number, double value) {
    long bits = Double.doubleToRawLongBits(value);
    reserve(8);
    start -= 8;
    for (int i = 0; i < 8; i++) {
      bytes[start + i] = (byte) (bits >>> (8 * i));
    }
    tag(number, FIXED64);
  }

  /// Bytes as they are, without tag and length.
  public void raw(byte[] value) {
    reserve(value.length);
    start -= value.length;
    System.arraycopy(value, 0, bytes, start, value.length);
  }

  public byte[] toBytes() {
    byte[] written = new byte[bytes.length - start];
    System.arraycopy(bytes, start, written, 0, written.length);
    return written;
  }

  private void tag(int number, int wireType) {
    varint((long) number << 3 | wireType);
  }

  private void varint(long value) {
    int length = Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    reserve(length);
    start -= length;
    long rest = value;
    for (int i = 0; i < length - 1; i++) {
      bytes[start + i] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[start + length - 1] = (byte) rest;
  }

  private void reserve(int more) {
    if (start < more) {
      int used = bytes.length - start;
      byte[] larger = new byte[Math.max(bytes.length * 2, used + more)];
      System.arraycopy(bytes, start, larger, larger.length - used, used);
      start = larger.length - used;
      bytes = larger;
    }
  }
}
