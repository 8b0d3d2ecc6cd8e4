package dev.tiphys.network.nftables;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The bytes of a key or value of a set: fields one behind the other, each filled up to four bytes.
///
/// Threads: any; it does not change. Two of the same bytes are equal.
public final class Key {
  private static final Key EMPTY = new Key(new byte[0]);

  private final byte[] bytes;

  private Key(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A key that begins with an address.
  public static Key of(InetAddress address) {
    return new Key(address.getAddress());
  }

  /// A key that begins with these bytes.
  public static Key of(byte[] bytes) {
    return new Key(bytes.clone());
  }

  /// A key that begins with the number of a protocol.
  public static Key ofProtocol(int number) {
    return EMPTY.protocol(number);
  }

  /// A key that begins with a port.
  public static Key ofPort(int port) {
    return EMPTY.port(port);
  }

  /// A number in the machine's order, as [Rule#random] loads it.
  public static Key ofNumber(int number) {
    return new Key(Rule.number(number));
  }

  /// What the kernel says.
  static Key ofBytes(byte[] bytes) {
    return new Key(bytes);
  }

  /// The name of an interface.
  public static Key ofInterface(String name) {
    return new Key(Rule.name(name));
  }

  /// The same, with an address behind it.
  public Key address(InetAddress address) {
    return with(address.getAddress());
  }

  /// The same, with the number of a protocol behind it.
  public Key protocol(int number) {
    return with((byte) number, (byte) 0, (byte) 0, (byte) 0);
  }

  /// The same, with a port behind it.
  public Key port(int port) {
    return with((byte) (port >> 8), (byte) port, (byte) 0, (byte) 0);
  }

  private Key with(byte... field) {
    byte[] all = Arrays.copyOf(bytes, bytes.length + field.length);
    System.arraycopy(field, 0, all, bytes.length, field.length);
    return new Key(all);
  }

  /// The next key in order; null behind the last one.
  @Nullable Key successor() {
    byte[] next = bytes.clone();
    for (int i = next.length - 1; i >= 0; i--) {
      if (++next[i] != 0) {
        return new Key(next);
      }
    }
    return null;
  }

  /// The bytes themselves, which must not be changed.
  byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
