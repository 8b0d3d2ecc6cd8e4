package dev.tiphys.object;

import org.jspecify.annotations.Nullable;

/// A range of IP addresses: those that share the first bits of one (CIDR).
///
/// @param address the address as it was written
/// @param length how many bits they share
/// @param zeros whether the length has leading zeros
public record IpRange(IpAddress address, int length, boolean zeros) {

  public static IpRange of(String text) {
    IpRange range = parse(text);
    if (range == null) {
      throw new IllegalArgumentException("no range of IP addresses: " + text);
    }
    return range;
  }

  /// The range, or null if `text` is none.
  public static @Nullable IpRange parse(String text) {
    int slash = text.indexOf('/');
    IpAddress address = slash < 0 ? null : IpAddress.parse(text.substring(0, slash));
    String digits = text.substring(slash + 1);
    if (address == null
        || digits.length() > 3
        || !digits.chars().allMatch(c -> IpAddress.isDigit((char) c))) {
      return null;
    }
    int length = Integer.parseInt(digits);
    int most = address.isMapped() ? 128 : address.bytes().length * 8;
    return length > most
        ? null
        : new IpRange(address, length, digits.length() > 1 && digits.startsWith("0"));
  }

  public boolean hasLeadingZeros() {
    return zeros || address.hasLeadingZeros();
  }

  /// The range with its first address as it is written.
  public IpRange masked() {
    return new IpRange(first(), length, false);
  }

  public IpAddress first() {
    return address.masked(length);
  }

  /// Whether the other range lies in this one and is smaller.
  public boolean strictlyContains(IpRange other) {
    return other.address.family() == address.family()
        && other.length > length
        && other.address.masked(length).equals(first());
  }

  @Override
  public String toString() {
    return first() + "/" + length;
  }
}
