package dev.tiphys.apiserver.allocation;

/// A range of IPv4 addresses, as a CIDR gives it.
///
/// @param cidr as it was given
/// @param network the first address, as a number
/// @param size how many addresses there are
record AddressRange(String cidr, long network, long size) {

  /// @throws IllegalArgumentException if `cidr` is no range of IPv4 addresses
  static AddressRange parse(String cidr) {
    int slash = cidr.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(cidr + " is no range of addresses");
    }
    int bits = Integer.parseInt(cidr.substring(slash + 1));
    long size = 1L << (32 - bits);
    return new AddressRange(cidr, number(cidr.substring(0, slash)) & ~(size - 1), size);
  }

  static long number(String address) {
    String[] parts = address.split("\\.");
    if (parts.length != 4) {
      throw new IllegalArgumentException(address + " is no IPv4 address");
    }
    long number = 0;
    for (String part : parts) {
      number = number << 8 | Integer.parseInt(part);
    }
    return number;
  }

  /// The address at an offset from the first one.
  String address(long offset) {
    return text(network + offset);
  }

  private static String text(long number) {
    return (number >>> 24 & 255)
        + "."
        + (number >>> 16 & 255)
        + "."
        + (number >>> 8 & 255)
        + "."
        + (number & 255);
  }

  /// Whether an address can be given to a Service: not the first and not the last one.
  boolean holds(String address) {
    try {
      long offset = number(address) - network;
      return offset > 0 && offset < size - 1;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
