package dev.tiphys.network.dns.message;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A resource record of the Internet class.
public final class Record {

  private static final int LONGEST_TEXT = 255;

  private final Name owner;
  private final int type;
  private final int ttl;
  private final byte[] data;

  /// @param ttl in seconds
  /// @param data as it is on the wire, without pointers; becomes the record's own
  Record(Name owner, int type, int ttl, byte[] data) {
    this.owner = owner;
    this.type = type;
    this.ttl = ttl;
    this.data = data;
  }

  /// A or AAAA, as the address wants it.
  public static Record address(Name owner, int ttl, InetAddress address) {
    byte[] bytes = address.getAddress();
    return new Record(owner, bytes.length == 4 ? Type.A : Type.AAAA, ttl, bytes);
  }

  public static Record cname(Name owner, int ttl, Name target) {
    return new Record(owner, Type.CNAME, ttl, target.bytes());
  }

  public static Record ptr(Name owner, int ttl, Name target) {
    return new Record(owner, Type.PTR, ttl, target.bytes());
  }

  public static Record ns(Name owner, int ttl, Name target) {
    return new Record(owner, Type.NS, ttl, target.bytes());
  }

  public static Record srv(Name owner, int ttl, int weight, int port, Name target) {
    ByteBuffer data = ByteBuffer.allocate(6 + target.length());
    data.putShort((short) 0).putShort((short) weight).putShort((short) port).put(target.bytes());
    return new Record(owner, Type.SRV, ttl, data.array());
  }

  public static Record text(Name owner, int ttl, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LONGEST_TEXT) {
      throw new IllegalArgumentException("the text is too long for one piece: " + text);
    }
    ByteBuffer data = ByteBuffer.allocate(1 + bytes.length);
    data.put((byte) bytes.length).put(bytes);
    return new Record(owner, Type.TXT, ttl, data.array());
  }

  /// @param minimum for how many seconds it may be remembered that a name is not there
  public static Record soa(
      Name owner, int ttl, Name server, Name mailbox, int serial, int minimum) {
    ByteBuffer data = ByteBuffer.allocate(server.length() + mailbox.length() + 20);
    data.put(server.bytes()).put(mailbox.bytes());
    data.putInt(serial).putInt(7200).putInt(1800).putInt(86400).putInt(minimum);
    return new Record(owner, Type.SOA, ttl, data.array());
  }

  public Name owner() {
    return owner;
  }

  public int type() {
    return type;
  }

  /// In seconds.
  public int ttl() {
    return ttl;
  }

  Record withTtl(int seconds) {
    return new Record(owner, type, seconds, data);
  }

  byte[] data() {
    return data;
  }

  /// How many bytes it takes in memory, about.
  public int weight() {
    return 64 + owner.length() + data.length;
  }

  /// The name that a CNAME, PTR or NS leads to; null if it is none of these.
  public @Nullable Name target() {
    return switch (type) {
      case Type.CNAME, Type.PTR, Type.NS -> nameAt(0);
      case Type.SRV -> nameAt(6);
      default -> null;
    };
  }

  private Name nameAt(int start) {
    byte[] name = Arrays.copyOfRange(data, start, data.length);
    for (int at = 0; at < name.length; at++) {
      name[at] = Name.lower(name[at]);
    }
    return new Name(name);
  }

  /// For how many seconds an SOA lets a missing name be remembered (RFC 2308).
  public int minimum() {
    int said = ByteBuffer.wrap(data).getInt(data.length - 4);
    return Math.min(ttl, said < 0 ? 0 : said);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Record that
        && type == that.type
        && ttl == that.ttl
        && owner.equals(that.owner)
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return owner.hashCode() * 31 + type + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return owner + " " + ttl + " " + Type.nameOf(type) + " " + Arrays.toString(data);
  }
}
