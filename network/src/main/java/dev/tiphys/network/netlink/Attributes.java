package dev.tiphys.network.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The attributes of an answer of the kernel, by their types. Of several of one type, the last.
public final class Attributes {
  private static final int TYPE = 0x3fff;

  private final Map<Integer, ByteBuffer> values;

  /// Reads what is left of a buffer.
  ///
  /// @throws IllegalArgumentException if the bytes are none
  public Attributes(ByteBuffer bytes) {
    values = new HashMap<>();
    read(bytes, values::put);
  }

  private Attributes(Map<Integer, ByteBuffer> values) {
    this.values = values;
  }

  /// The same, which stay as they are when the buffer that they were read from is used again.
  public Attributes copy() {
    Map<Integer, ByteBuffer> copied = new HashMap<>();
    values.forEach(
        (type, value) ->
            copied.put(type, ByteBuffer.allocate(value.remaining()).put(value.duplicate()).flip()));
    return new Attributes(copied);
  }

  /// Writes those of some types, as they were read.
  public Messages writeTo(Messages message, int... types) {
    for (int type : types) {
      byte[] bytes = bytes(type);
      if (bytes != null) {
        message.attribute(type, bytes);
      }
    }
    return message;
  }

  private static void read(ByteBuffer bytes, BiConsumer<Integer, ByteBuffer> each) {
    ByteBuffer rest = bytes.duplicate().order(ByteOrder.nativeOrder());
    while (rest.remaining() >= 4) {
      int start = rest.position();
      int length = rest.getShort(start) & 0xffff;
      int type = rest.getShort(start + 2) & TYPE;
      if (length < 4 || length > rest.remaining()) {
        throw new IllegalArgumentException("an attribute of " + length + " bytes");
      }
      each.accept(type, rest.slice(start + 4, length - 4));
      rest.position(Math.min(rest.limit(), start + ((length + 3) & ~3)));
    }
  }

  /// Whether there is an attribute of this type.
  public boolean has(int type) {
    return values.containsKey(type);
  }

  /// The attributes within an attribute; none if it is missing.
  public Attributes nested(int type) {
    ByteBuffer value = values.get(type);
    return new Attributes(value == null ? ByteBuffer.allocate(0) : value);
  }

  /// The attributes within each of the attributes within an attribute: of a list of the kernel.
  public List<Attributes> list(int type) {
    List<Attributes> all = new ArrayList<>();
    ByteBuffer value = values.get(type);
    if (value != null) {
      read(value, (_, one) -> all.add(new Attributes(one)));
    }
    return all;
  }

  /// The bytes of an attribute; null if it is missing.
  public byte @Nullable [] bytes(int type) {
    ByteBuffer value = values.get(type);
    if (value == null) {
      return null;
    }
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    return bytes;
  }

  /// The text of an attribute without its final zero; empty if it is missing.
  public String text(int type) {
    byte[] bytes = bytes(type);
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8).replace("\0", "");
  }

  /// A number of one, two or four bytes in the network's order; `otherwise` if it is missing.
  public int number(int type, int otherwise) {
    return (int) longNumber(type, otherwise);
  }

  /// A number of up to eight bytes in the network's order; `otherwise` if it is missing.
  public long longNumber(int type, long otherwise) {
    byte[] bytes = bytes(type);
    if (bytes == null) {
      return otherwise;
    }
    long number = 0;
    for (byte next : bytes) {
      number = number << 8 | next & 0xff;
    }
    return number;
  }
}
