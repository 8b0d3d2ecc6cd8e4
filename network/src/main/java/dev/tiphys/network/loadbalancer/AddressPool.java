package dev.tiphys.network.loadbalancer;

import dev.tiphys.network.Prefix;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The addresses that load balancers are given: blocks, `192.0.2.64/27`, and ranges,
/// `192.0.2.10-192.0.2.20`. In a block, the network's own address and the last one are given out as
/// well, since a block that is named is meant as a whole.
///
/// @param ranges the first and last address of each
public record AddressPool(List<Range> ranges) {

  /// @param first the first address
  /// @param last the last one, of the same family
  public record Range(InetAddress first, InetAddress last) {

    private boolean contains(InetAddress address) {
      return address.getAddress().length == first.getAddress().length
          && number(address).compareTo(number(first)) >= 0
          && number(address).compareTo(number(last)) <= 0;
    }
  }

  public AddressPool {
    ranges = List.copyOf(ranges);
  }

  /// @param texts blocks, ranges and single addresses
  /// @throws IllegalArgumentException if one of them is none; the message names it
  public static AddressPool of(List<String> texts) {
    List<Range> ranges = new ArrayList<>();
    for (String text : texts) {
      int dash = text.indexOf('-');
      Prefix from = Prefix.parse(dash < 0 ? text : text.substring(0, dash));
      Prefix to = dash < 0 ? from : Prefix.parse(text.substring(dash + 1));
      if (from == null
          || to == null
          || from.family() != to.family()
          || number(from.first()).compareTo(number(to.last())) > 0) {
        throw new IllegalArgumentException("neither a block nor a range of addresses: " + text);
      }
      ranges.add(new Range(from.first(), to.last()));
    }
    return new AddressPool(ranges);
  }

  /// Whether an address belongs to it.
  public boolean contains(InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  /// The first address that may be given; null if there is none.
  ///
  /// @param length of the address in bytes
  /// @param free which ones may be given
  public @Nullable InetAddress any(int length, Predicate<InetAddress> free) {
    for (Range range : ranges) {
      if (range.first().getAddress().length == length) {
        BigInteger last = number(range.last());
        for (BigInteger next = number(range.first());
            next.compareTo(last) <= 0;
            next = next.add(BigInteger.ONE)) {
          InetAddress address = address(next, length);
          if (free.test(address)) {
            return address;
          }
        }
      }
    }
    return null;
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  private static InetAddress address(BigInteger number, int length) {
    byte[] bytes = new byte[length];
    byte[] all = number.toByteArray();
    int count = Math.min(all.length, length);
    System.arraycopy(all, all.length - count, bytes, length - count, count);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
