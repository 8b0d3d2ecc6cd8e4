package dev.tiphys.network.policy;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Key;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Ranges of addresses of one family, which neither overlap nor touch, in order.
record Addresses(Family family, List<Range> ranges) {

  /// From one address to another, both of them too.
  record Range(BigInteger first, BigInteger last) {}

  Addresses {
    ranges = List.copyOf(ranges);
  }

  /// What any of these blocks has. An exception narrows its own block alone.
  static Addresses of(Family family, List<Peer.Block> blocks) {
    List<Range> all = new ArrayList<>();
    for (Peer.Block block : blocks) {
      if (block.prefix().family() == family) {
        List<Range> left = List.of(range(block.prefix()));
        for (Prefix exception : block.except()) {
          if (exception.family() == family) {
            left = without(left, range(exception));
          }
        }
        all.addAll(left);
      }
    }
    return new Addresses(family, merged(all));
  }

  private static Range range(Prefix prefix) {
    return new Range(
        new BigInteger(1, prefix.first().getAddress()),
        new BigInteger(1, prefix.last().getAddress()));
  }

  private static List<Range> without(List<Range> ranges, Range hole) {
    List<Range> left = new ArrayList<>();
    for (Range range : ranges) {
      BigInteger before = range.last().min(hole.first().subtract(BigInteger.ONE));
      BigInteger behind = range.first().max(hole.last().add(BigInteger.ONE));
      if (range.first().compareTo(before) <= 0) {
        left.add(new Range(range.first(), before));
      }
      if (behind.compareTo(range.last()) <= 0) {
        left.add(new Range(behind, range.last()));
      }
    }
    return left;
  }

  private static List<Range> merged(List<Range> ranges) {
    List<Range> merged = new ArrayList<>();
    for (Range next :
        ranges.stream().sorted((one, other) -> one.first().compareTo(other.first())).toList()) {
      Range last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && next.first().compareTo(last.last().add(BigInteger.ONE)) <= 0) {
        merged.set(merged.size() - 1, new Range(last.first(), last.last().max(next.last())));
      } else {
        merged.add(next);
      }
    }
    return merged;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /// As elements of a set of ranges.
  List<Element> elements() {
    return ranges.stream()
        .map(range -> Element.range(key(range.first()), key(range.last())))
        .toList();
  }

  private Key key(BigInteger address) {
    byte[] bytes = new byte[family.addressLength()];
    byte[] number = address.toByteArray();
    int length = Math.min(number.length, bytes.length);
    System.arraycopy(number, number.length - length, bytes, bytes.length - length, length);
    return Key.of(bytes);
  }
}
