package dev.tiphys.network;

import dev.tiphys.network.nftables.Family;
import dev.tiphys.object.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A block of addresses, as `10.244.0.0/16` (RFC 4632).
///
/// @param first its first address
/// @param bits how many bits all of its addresses share
public record Prefix(InetAddress first, int bits) {

  public Prefix {
    if (bits < 0 || bits > first.getAddress().length * 8) {
      throw new IllegalArgumentException("no prefix: " + first + " with " + bits + " bits");
    }
    first = masked(first, bits, false);
  }

  /// @throws IllegalArgumentException if `text` is none
  public static Prefix of(String text) {
    Prefix prefix = parse(text);
    if (prefix == null) {
      throw new IllegalArgumentException("no block of addresses: " + text);
    }
    return prefix;
  }

  /// The block, or null if `text` is none. An address alone is a block of one.
  public static @Nullable Prefix parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    String bits = slash < 0 ? "" : text.substring(slash + 1);
    if (IpAddress.parse(address) == null || slash >= 0 && !bits.matches("[0-9]{1,3}")) {
      return null;
    }
    InetAddress first = InetAddress.ofLiteral(address);
    int longest = first.getAddress().length * 8;
    int shared = slash < 0 ? longest : Integer.parseInt(bits);
    return shared > longest ? null : new Prefix(first, shared);
  }

  /// Of which family its addresses are.
  public Family family() {
    return Family.of(first);
  }

  /// Its last address.
  public InetAddress last() {
    return masked(first, bits, true);
  }

  /// Whether an address lies in it.
  public boolean contains(InetAddress address) {
    return Family.of(address) == family() && masked(address, bits, false).equals(first);
  }

  private static InetAddress masked(InetAddress address, int bits, boolean ones) {
    byte[] bytes = address.getAddress();
    int whole = bits / 8;
    if (whole < bytes.length) {
      int kept = 0xff00 >> bits % 8 & 0xff;
      bytes[whole] = (byte) (ones ? bytes[whole] | ~kept : bytes[whole] & kept);
      Arrays.fill(bytes, whole + 1, bytes.length, (byte) (ones ? 0xff : 0));
    }
    return addressOf(bytes);
  }

  private static InetAddress addressOf(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public String toString() {
    return first.getHostAddress() + "/" + bits;
  }
}
