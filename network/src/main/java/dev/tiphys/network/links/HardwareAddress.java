package dev.tiphys.network.links;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The address of an interface within its link, of six bytes.
public final class HardwareAddress {
  private static final int LENGTH = 6;

  /// Not given out by a manufacturer, and for one interface alone.
  private static final byte LOCAL = 0x02;

  private final byte[] bytes;

  HardwareAddress(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /// The one that stands for the end of a tunnel at an address. Every machine comes to the same, so
  /// that none need be told.
  public static HardwareAddress at(InetAddress address) {
    long mixed = UUID.nameUUIDFromBytes(address.getAddress()).getLeastSignificantBits();
    byte[] bytes = new byte[LENGTH];
    bytes[0] = LOCAL;
    for (int i = 1; i < LENGTH; i++) {
      bytes[i] = (byte) (mixed >> 8 * i);
    }
    return new HardwareAddress(bytes);
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HardwareAddress address && Arrays.equals(bytes, address.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":").formatHex(bytes);
  }
}
