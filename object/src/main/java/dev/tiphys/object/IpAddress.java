package dev.tiphys.object;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An IP address as a text in an object may spell it.
///
/// Parts of an IPv4 address may have leading zeros, which are not taken for octal.
public final class IpAddress {

  private final byte[] bytes;
  private final boolean leadingZeros;
  private final boolean written6;

  private IpAddress(byte[] bytes, boolean leadingZeros, boolean written6) {
    this.bytes = bytes;
    this.leadingZeros = leadingZeros;
    this.written6 = written6;
  }

  public static IpAddress of(String text) {
    IpAddress address = parse(text);
    if (address == null) {
      throw new IllegalArgumentException("no IP address: " + text);
    }
    return address;
  }

  /// The address, or null if `text` is none.
  public static @Nullable IpAddress parse(String text) {
    return text.indexOf(':') >= 0 ? parse6(text) : parse4(text);
  }

  private static @Nullable IpAddress parse4(String text) {
    byte[] bytes = new byte[4];
    boolean zeros = false;
    int at = 0;
    for (int part = 0; part < 4; part++) {
      int start = at;
      int value = 0;
      while (at < text.length() && isDigit(text.charAt(at)) && value <= 255) {
        value = value * 10 + text.charAt(at++) - '0';
      }
      boolean ends = part == 3 ? at == text.length() : at < text.length() && text.charAt(at) == '.';
      if (at == start || value > 255 || !ends) {
        return null;
      }
      zeros |= at - start > 1 && text.charAt(start) == '0';
      bytes[part] = (byte) value;
      at++;
    }
    return new IpAddress(bytes, zeros, false);
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static @Nullable IpAddress parse6(String text) {
    int gap = text.indexOf("::");
    if (gap != text.lastIndexOf("::") || text.contains(":::")) {
      return null;
    }
    byte[] bytes = new byte[16];
    if (gap < 0) {
      return fill(bytes, 0, text) == 16 ? new IpAddress(bytes, zerosIn4(text), true) : null;
    }
    byte[] tail = new byte[16];
    int head = fill(bytes, 0, text.substring(0, gap));
    int rest = fill(tail, 0, text.substring(gap + 2));
    if (head < 0 || rest < 0 || head + rest > 14) {
      return null;
    }
    System.arraycopy(tail, 0, bytes, 16 - rest, rest);
    return new IpAddress(bytes, zerosIn4(text), true);
  }

  /// Whether the IPv4 address at the end of an IPv6 address has leading zeros.
  private static boolean zerosIn4(String text) {
    IpAddress last = parse4(text.substring(text.lastIndexOf(':') + 1));
    return last != null && last.leadingZeros;
  }

  /// Writes groups of digits to `bytes`. Returns how many bytes they are, or -1.
  private static int fill(byte[] bytes, int from, String groups) {
    if (groups.isEmpty()) {
      return from;
    }
    int at = from;
    String[] parts = groups.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      IpAddress last = i == parts.length - 1 ? parse4(parts[i]) : null;
      int group = last == null ? hexadecimal(parts[i]) : 0;
      int size = last == null ? 2 : 4;
      if (group < 0 || at + size > 16) {
        return -1;
      }
      if (last == null) {
        bytes[at] = (byte) (group >> 8);
        bytes[at + 1] = (byte) group;
      } else {
        System.arraycopy(last.bytes, 0, bytes, at, 4);
      }
      at += size;
    }
    return at;
  }

  private static int hexadecimal(String digits) {
    if (digits.isEmpty() || digits.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  public boolean hasLeadingZeros() {
    return leadingZeros;
  }

  /// Whether it is an IPv4 address, written as one of IPv6.
  public boolean isMapped() {
    return written6 && isMapped(bytes);
  }

  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }

  /// 4 or 6.
  public int family() {
    return bytes.length == 4 || isMapped() ? 4 : 6;
  }

  /// The address in as few bytes as its family needs.
  public byte[] bytes() {
    return isMapped() ? Arrays.copyOfRange(bytes, 12, 16) : bytes.clone();
  }

  private InetAddress inet() {
    try {
      return InetAddress.getByAddress(bytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  public boolean isUnspecified() {
    return inet().isAnyLocalAddress();
  }

  public boolean isLoopback() {
    return inet().isLoopbackAddress();
  }

  public boolean isLinkLocal() {
    return inet().isLinkLocalAddress();
  }

  public boolean isLinkLocalMulticast() {
    InetAddress address = inet();
    byte[] raw = address.getAddress();
    return raw.length == 4
        ? raw[0] == (byte) 224 && raw[1] == 0 && raw[2] == 0
        : raw[0] == (byte) 0xff && (raw[1] & 0x0f) == 2;
  }

  /// The address with all bits beyond the first `length` cleared.
  public IpAddress masked(int length) {
    byte[] kept = bytes();
    for (int i = 0; i < kept.length; i++) {
      int bits = Math.clamp(length - i * 8L, 0, 8);
      kept[i] &= (byte) (0xff << (8 - bits));
    }
    return new IpAddress(kept, false, kept.length == 16);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpAddress that && Arrays.equals(bytes(), that.bytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes());
  }

  /// The canonical text (RFC 5952).
  @Override
  public String toString() {
    byte[] raw = bytes();
    if (raw.length == 4) {
      return (raw[0] & 0xff)
          + "."
          + (raw[1] & 0xff)
          + "."
          + (raw[2] & 0xff)
          + "."
          + (raw[3] & 0xff);
    }
    return text6(raw);
  }

  private static String text6(byte[] raw) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (raw[2 * i] & 0xff) << 8 | raw[2 * i + 1] & 0xff;
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        text.append(text.isEmpty() || i == start + length ? "" : ":");
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
