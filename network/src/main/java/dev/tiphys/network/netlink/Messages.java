package dev.tiphys.network.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Messages to the kernel, one behind the other, as they go into one datagram (RFC 3549).
///
/// A message is begun, filled with its fixed part and its attributes, and ended by the next.
/// Numbers of the fixed part are in the machine's order; attributes of nftables and conntrack are
/// in the network's, and those of links and routes in the machine's.
///
/// Threads: one.
public final class Messages {

  /// The flag of a request.
  public static final int REQUEST = 0x1;

  /// The flag that asks for an answer also to what succeeds.
  public static final int ACKNOWLEDGE = 0x4;

  /// The flag of a request for all objects.
  public static final int DUMP = 0x300;

  /// The flags that make something that is missing, and fail if it is there or not.
  public static final int CREATE = 0x400;

  /// The flag that refuses to make what exists.
  public static final int EXCLUSIVE = 0x200;

  /// The flag that puts something in the place of what exists.
  public static final int REPLACE = 0x100;

  /// The flag that puts something behind what exists.
  public static final int APPEND = 0x800;

  static final int HEADER = 16;
  private static final int NESTED = 0x8000;
  private static final int SEQUENCE_OFFSET = 8;

  private byte[] bytes = new byte[4096];
  private ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  private int begun = -1;
  private int count;

  /// Begins a message.
  public Messages begin(int type, int flags) {
    end();
    room(HEADER);
    begun = buffer.position();
    buffer.putInt(0).putShort((short) type).putShort((short) flags).putInt(count).putInt(0);
    count++;
    return this;
  }

  /// A byte of the fixed part.
  public Messages put8(int value) {
    room(1);
    buffer.put((byte) value);
    return this;
  }

  /// Two bytes of the fixed part, in the machine's order.
  public Messages put16(int value) {
    room(2);
    buffer.putShort((short) value);
    return this;
  }

  /// Four bytes of the fixed part, in the machine's order.
  public Messages put32(int value) {
    room(4);
    buffer.putInt(value);
    return this;
  }

  /// An attribute of these bytes.
  public Messages attribute(int type, byte[] value) {
    room(8 + value.length);
    buffer.putShort((short) (4 + value.length)).putShort((short) type).put(value);
    align();
    return this;
  }

  /// An attribute of a byte.
  public Messages attribute8(int type, int value) {
    return attribute(type, new byte[] {(byte) value});
  }

  /// An attribute of two bytes, in the network's order.
  public Messages attribute16(int type, int value) {
    return attribute(type, new byte[] {(byte) (value >> 8), (byte) value});
  }

  /// An attribute of four bytes, in the network's order.
  public Messages attribute32(int type, int value) {
    room(8);
    buffer.putShort((short) 8).putShort((short) type);
    buffer.order(ByteOrder.BIG_ENDIAN).putInt(value).order(ByteOrder.nativeOrder());
    return this;
  }

  /// An attribute of eight bytes, in the network's order.
  public Messages attribute64(int type, long value) {
    room(12);
    buffer.putShort((short) 12).putShort((short) type);
    buffer.order(ByteOrder.BIG_ENDIAN).putLong(value).order(ByteOrder.nativeOrder());
    return this;
  }

  /// An attribute of four bytes, in the machine's order.
  public Messages attributeNative(int type, int value) {
    room(8);
    buffer.putShort((short) 8).putShort((short) type).putInt(value);
    return this;
  }

  /// An attribute of text, ended by a zero.
  public Messages attribute(int type, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return attribute(type, Arrays.copyOf(text, text.length + 1));
  }

  /// An attribute that holds the attributes which `content` writes.
  public Messages nested(int type, Runnable content) {
    room(4);
    int start = buffer.position();
    buffer.putShort((short) 0).putShort((short) (type | NESTED));
    content.run();
    int length = buffer.position() - start;
    if (length > 0xffff) {
      throw new IllegalArgumentException("an attribute of " + length + " bytes is too long");
    }
    buffer.putShort(start, (short) length);
    return this;
  }

  /// How many bytes there are.
  public int size() {
    return buffer.position();
  }

  /// How many messages there are.
  public int count() {
    return count;
  }

  /// The bytes so far, with messages numbered from `first` on. They are not copied.
  ByteBuffer finish(int first) {
    end();
    for (int at = 0; at < buffer.position(); ) {
      int number = buffer.getInt(at + SEQUENCE_OFFSET);
      buffer.putInt(at + SEQUENCE_OFFSET, first + number);
      at += buffer.getInt(at);
    }
    return buffer.duplicate().order(ByteOrder.nativeOrder()).flip();
  }

  private void end() {
    if (begun >= 0) {
      align();
      buffer.putInt(begun, buffer.position() - begun);
      begun = -1;
    }
  }

  private void align() {
    int over = buffer.position() & 3;
    if (over != 0) {
      room(4);
      buffer.put(new byte[4 - over]);
    }
  }

  private void room(int more) {
    if (buffer.remaining() < more) {
      int position = buffer.position();
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, position + more));
      buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).position(position);
    }
  }
}
