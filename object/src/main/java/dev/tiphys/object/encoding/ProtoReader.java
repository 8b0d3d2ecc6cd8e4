package dev.tiphys.object.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads protobuf's wire format, field by field.
///
/// [#next] steps to a field and returns its number, 0 at the end of the message; one of the reading
/// methods or [#skip] then takes the field's content. See
/// <https://protobuf.dev/programming-guides/encoding/>. Every method throws an [EncodingException]
/// on bytes that are not protobuf.
///
/// Threads: one.
public final class ProtoReader {

  /// How deep messages may be nested: what JSON may nest, and the entries of maps.
  private static final int DEEPEST = 500;

  private final byte[] bytes;
  private final int end;
  private final int depth;
  private int at;
  private int wireType;

  public ProtoReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public ProtoReader(byte[] bytes, int offset, int end) {
    this(bytes, offset, end, 0);
  }

  private ProtoReader(byte[] bytes, int offset, int end, int depth) {
    this.bytes = bytes;
    this.at = offset;
    this.end = end;
    this.depth = depth;
  }

  /// The number of the next field, or 0 if the message is over.
  public int next() {
    if (at == end) {
      return 0;
    }
    long tag = varint();
    wireType = (int) (tag & 7);
    long number = tag >>> 3;
    if (number < 1 || number > 0x1fffffff) {
      throw new EncodingException("protobuf: illegal tag " + tag);
    }
    return (int) number;
  }

  public long int64() {
    if (wireType != 0) {
      throw mismatch("a number");
    }
    return varint();
  }

  public double fixed64() {
    if (wireType != 1 || end - at < 8) {
      throw mismatch("eight bytes");
    }
    long bits = 0;
    for (int i = 7; i >= 0; i--) {
      bits = bits << 8 | (bytes[at + i] & 0xff);
    }
    at += 8;
    return Double.longBitsToDouble(bits);
  }

  public String string() {
    int length = length();
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  public byte[] bytes() {
    int length = length();
    byte[] value = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return value;
  }

  /// A reader of the message that this field holds.
  public ProtoReader message() {
    if (depth == DEEPEST) {
      throw new EncodingException("protobuf: exceeded max depth");
    }
    int length = length();
    at += length;
    return new ProtoReader(bytes, at - length, at, depth + 1);
  }

  /// Passes over the content of this field.
  public void skip() {
    switch (wireType) {
      case 0 -> varint();
      case 1 -> at += 8;
      case 2 -> {
        int length = length();
        at += length;
      }
      case 5 -> at += 4;
      default -> throw new EncodingException("protobuf: illegal wire type " + wireType);
    }
    if (at > end) {
      throw new EncodingException("unexpected EOF");
    }
  }

  private int length() {
    if (wireType != 2) {
      throw mismatch("bytes");
    }
    long length = varint();
    if (length < 0 || length > end - at) {
      throw new EncodingException("unexpected EOF");
    }
    return (int) length;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= end) {
        throw new EncodingException("unexpected EOF");
      }
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new EncodingException("protobuf: integer overflow");
  }

  private EncodingException mismatch(String expected) {
    return new EncodingException(
        "protobuf: wire type " + wireType + " where " + expected + " should be");
  }
}
