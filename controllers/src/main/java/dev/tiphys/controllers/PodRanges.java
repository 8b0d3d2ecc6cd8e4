package dev.tiphys.controllers;

import java.util.List;

/// Where the Pods of a cluster have their addresses from.
///
/// @param cluster the ranges, one of each family at most; none if nodes get theirs from elsewhere
/// @param excluded ranges in them that no node may get
/// @param ipv4Bits the prefix length of a node's range of IPv4
/// @param ipv6Bits the prefix length of a node's range of IPv6
public record PodRanges(List<String> cluster, List<String> excluded, int ipv4Bits, int ipv6Bits) {

  /// 10.244.0.0/16, a /24 for each node.
  public static final PodRanges DEFAULT =
      new PodRanges(List.of("10.244.0.0/16"), List.of("10.96.0.0/12"), 24, 64);

  /// Room for more nodes than are real: 32,768 ranges, where simulated Pods have their addresses.
  public static final PodRanges SIMULATED = DEFAULT.of(List.of("10.128.0.0/9"));

  public PodRanges {
    cluster = List.copyOf(cluster);
    excluded = List.copyOf(excluded);
  }

  /// Other ranges of addresses, divided as these.
  public PodRanges of(List<String> ranges) {
    return new PodRanges(ranges, excluded, ipv4Bits, ipv6Bits);
  }
}
