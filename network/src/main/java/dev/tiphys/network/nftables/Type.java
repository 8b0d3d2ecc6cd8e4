package dev.tiphys.network.nftables;

import java.util.List;
import java.util.stream.Stream;

/// The type of the keys or values of a set. The kernel only knows its length; the number is what
/// `nft` reads it by.
///
/// @param number six bits for each field
/// @param fields the length of each field as it stands in a key, filled up to four bytes, in bytes
public record Type(int number, List<Integer> fields) {
  public static final Type IPV4_ADDRESS = new Type(7, List.of(4));
  public static final Type IPV6_ADDRESS = new Type(8, List.of(16));
  public static final Type PROTOCOL = new Type(12, List.of(4));
  public static final Type PORT = new Type(13, List.of(4));
  public static final Type ICMPV6_TYPE = new Type(29, List.of(4));
  public static final Type MARK = new Type(19, List.of(4));
  public static final Type INTERFACE_NAME = new Type(41, List.of(16));

  /// What maps packets to verdicts.
  public static final Type VERDICT = new Type(0xffffff00, List.of(16));

  /// An address of a family.
  public static Type address(Family family) {
    return family == Family.IPV4 ? IPV4_ADDRESS : IPV6_ADDRESS;
  }

  /// Several values one behind the other.
  public static Type of(Type... parts) {
    int number = 0;
    List<Integer> fields = List.of();
    for (Type part : parts) {
      number = number << 6 | part.number;
      fields = Stream.concat(fields.stream(), part.fields.stream()).toList();
    }
    return new Type(number, fields);
  }

  int length() {
    return fields.stream().mapToInt(Integer::intValue).sum();
  }
}
