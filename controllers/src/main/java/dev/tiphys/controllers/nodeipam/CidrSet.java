package dev.tiphys.controllers.nodeipam;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.BitSet;
import java.util.Optional;

/// The ranges of one size that a range of addresses is divided into, and which of them are taken.
///
/// Threads: any.
final class CidrSet {

  /// A set of more ranges than this is more likely a mistake than a cluster.
  private static final int MOST_BITS = 16;

  private final BigInteger base;
  private final int addressBits;
  private final int clusterBits;
  private final int nodeBits;
  private final String range;
  private final AddressRangeMetrics metrics;
  private final BitSet taken = new BitSet();
  private int next;

  /// @param range the whole, as `10.244.0.0/16`
  /// @param nodeBits the prefix length of each part
  CidrSet(String range, int nodeBits, AddressRangeMetrics metrics) {
    this.range = range;
    this.metrics = metrics;
    byte[] address = address(range);
    this.addressBits = address.length * 8;
    this.clusterBits = Integer.parseInt(range.substring(range.indexOf('/') + 1));
    this.nodeBits = nodeBits;
    if (nodeBits < clusterBits
        || nodeBits - clusterBits > MOST_BITS
        || nodeBits > addressBits
        || clusterBits < 0) {
      throw new IllegalArgumentException(
          "%s cannot be divided into ranges of the size /%d".formatted(range, nodeBits));
    }
    BigInteger whole = new BigInteger(1, address);
    this.base = whole.shiftRight(addressBits - clusterBits).shiftLeft(addressBits - clusterBits);
    metrics.holds(range, count(), 0);
  }

  private static byte[] address(String range) {
    int slash = range.indexOf('/');
    if (slash < 0 || !range.matches("[0-9a-fA-F.:]+/[0-9]{1,3}")) {
      throw new IllegalArgumentException(range + " is no range of addresses");
    }
    try {
      return InetAddress.getByName(range.substring(0, slash)).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(range + " is no range of addresses", e);
    }
  }

  private int count() {
    return 1 << (nodeBits - clusterBits);
  }

  boolean isIpv6() {
    return addressBits == 128;
  }

  /// Takes a range that is free: the one after the last that was taken this way. Empty if none is
  /// free.
  synchronized Optional<String> take() {
    int free = taken.nextClearBit(next);
    if (free >= count()) {
      free = taken.nextClearBit(0);
    }
    if (free >= count()) {
      return Optional.empty();
    }
    metrics.found(range, Math.floorMod(free - next, count()));
    take(free, free + 1);
    next = (free + 1) % count();
    return Optional.of(text(free));
  }

  /// Takes all parts that a range overlaps with.
  ///
  /// @return whether there are any: false if the range is elsewhere
  synchronized boolean occupy(String range) {
    int[] parts = parts(range);
    take(parts[0], parts[1]);
    return parts[0] < parts[1];
  }

  private void take(int from, int to) {
    int before = taken.cardinality();
    taken.set(from, to);
    int now = taken.cardinality();
    if (now > before) {
      metrics.took(range, now - before);
      metrics.holds(range, count(), now);
    }
  }

  /// Gives back all parts that a range overlaps with.
  synchronized void release(String range) {
    int[] parts = parts(range);
    int before = taken.cardinality();
    taken.clear(parts[0], parts[1]);
    int now = taken.cardinality();
    if (now < before) {
      metrics.released(this.range, before - now);
      metrics.holds(this.range, count(), now);
    }
  }

  /// The first part that a range overlaps with, and the one after the last.
  private int[] parts(String range) {
    byte[] address = address(range);
    if (address.length * 8 != addressBits) {
      return new int[] {0, 0};
    }
    int bits = Integer.parseInt(range.substring(range.indexOf('/') + 1));
    BigInteger size = BigInteger.ONE.shiftLeft(addressBits - bits);
    BigInteger first = new BigInteger(1, address).divide(size).multiply(size).subtract(base);
    BigInteger end = first.add(size);
    BigInteger part = BigInteger.ONE.shiftLeft(addressBits - nodeBits);
    BigInteger whole = BigInteger.ONE.shiftLeft(addressBits - clusterBits);
    if (end.signum() <= 0 || first.compareTo(whole) >= 0) {
      return new int[] {0, 0};
    }
    BigInteger from = first.max(BigInteger.ZERO).divide(part);
    BigInteger to = end.min(whole).add(part).subtract(BigInteger.ONE).divide(part);
    return new int[] {from.intValueExact(), to.intValueExact()};
  }

  private String text(int index) {
    BigInteger address = base.add(BigInteger.valueOf(index).shiftLeft(addressBits - nodeBits));
    byte[] bytes = new byte[addressBits / 8];
    byte[] value = address.toByteArray();
    int length = Math.min(value.length, bytes.length);
    System.arraycopy(value, value.length - length, bytes, bytes.length - length, length);
    return AddressText.of(bytes) + "/" + nodeBits;
  }
}
