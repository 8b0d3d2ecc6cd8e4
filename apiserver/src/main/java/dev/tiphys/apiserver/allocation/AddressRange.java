package dev.tiphys.apiserver.allocation;

import dev.tiphys.object.IpAddress;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// A range that Services get addresses from, as a CIDR gives it.
///
/// Services that name no address get one behind the first part of the range, as long as there is
/// one: so an address of the first part that is chosen by hand is seldom taken already.
///
/// @param cidr as it was given
/// @param family `IPv4` or `IPv6`
/// @param network the first address, as a number
/// @param size how many addresses there are; no more than a node of the cluster could ever count
public record AddressRange(String cidr, String family, BigInteger network, long size) {
  private static final int LEAST_RESERVED = 16;
  private static final int MOST_RESERVED = 256;
  private static final int MOST_BITS = 62;

  /// @throws IllegalArgumentException if `cidr` is no range of addresses
  public static AddressRange parse(String cidr) {
    int slash = cidr.indexOf('/');
    if (slash < 0
        || IpAddress.parse(cidr.substring(0, slash)) == null
        || !cidr.substring(slash + 1).matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException(cidr + " is no range of addresses");
    }
    InetAddress address = InetAddress.ofLiteral(cidr.substring(0, slash));
    int length = address.getAddress().length * 8;
    int rest = length - Integer.parseInt(cidr.substring(slash + 1));
    if (rest < 0) {
      throw new IllegalArgumentException(cidr + " is no range of addresses");
    }
    BigInteger network = number(address).shiftRight(rest).shiftLeft(rest);
    String family = length == 32 ? "IPv4" : "IPv6";
    return new AddressRange(cidr, family, network, 1L << Math.min(rest, MOST_BITS));
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  /// The address at an offset from the first one.
  public String address(long offset) {
    byte[] bytes = new byte[family.equals("IPv4") ? 4 : 16];
    byte[] number = network.add(BigInteger.valueOf(offset)).toByteArray();
    int count = Math.min(number.length, bytes.length);
    System.arraycopy(number, number.length - count, bytes, bytes.length - count, count);
    try {
      return IpAddress.of(InetAddress.getByAddress(bytes).getHostAddress()).toString();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Whether an address can be given to a Service: not the first one, and of IPv4 not the last one.
  boolean holds(String address) {
    return offset(address).filter(offset -> offset > 0 && offset < end()).isPresent();
  }

  private Optional<Long> offset(String address) {
    if (IpAddress.parse(address) == null || address.contains(":") != family.equals("IPv6")) {
      return Optional.empty();
    }
    BigInteger offset = number(InetAddress.ofLiteral(address)).subtract(network);
    boolean inside = offset.signum() >= 0 && offset.compareTo(BigInteger.valueOf(size)) < 0;
    return inside ? Optional.of(offset.longValueExact()) : Optional.empty();
  }

  /// The offset behind the last address that can be given.
  long end() {
    return family.equals("IPv4") ? size - 1 : size;
  }

  /// Where the part begins that is given out first.
  long reserved() {
    return size <= LEAST_RESERVED
        ? 1
        : Math.clamp(size / LEAST_RESERVED, LEAST_RESERVED, MOST_RESERVED);
  }
}
