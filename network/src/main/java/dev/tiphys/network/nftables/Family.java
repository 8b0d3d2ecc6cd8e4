package dev.tiphys.network.nftables;

import java.net.Inet6Address;
import java.net.InetAddress;

/// The families of addresses whose packets a table sees.
public enum Family {
  IPV4(2, "ip", 4, 12, 16),
  IPV6(10, "ip6", 16, 8, 24);

  private final int number;
  private final String text;
  private final int addressLength;
  private final int sourceOffset;
  private final int destinationOffset;

  Family(int number, String text, int addressLength, int sourceOffset, int destinationOffset) {
    this.number = number;
    this.text = text;
    this.addressLength = addressLength;
    this.sourceOffset = sourceOffset;
    this.destinationOffset = destinationOffset;
  }

  /// That of an address.
  public static Family of(InetAddress address) {
    return address instanceof Inet6Address ? IPV6 : IPV4;
  }

  /// As `nft` calls it.
  public String text() {
    return text;
  }

  /// How many bytes an address has.
  public int addressLength() {
    return addressLength;
  }

  /// As the kernel numbers them.
  public int number() {
    return number;
  }

  /// How many registers of a rule an address takes: the register behind it is the next free one.
  public int registers() {
    return addressLength / 4;
  }

  /// Where the source address stands in the header of a packet.
  int sourceOffset() {
    return sourceOffset;
  }

  /// Where the destination address stands in the header of a packet.
  int destinationOffset() {
    return destinationOffset;
  }

  /// The code of ICMP by which a host says that nothing listens on a port.
  int portUnreachable() {
    return this == IPV4 ? 3 : 4;
  }
}
