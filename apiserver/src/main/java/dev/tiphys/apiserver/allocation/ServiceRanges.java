package dev.tiphys.apiserver.allocation;

import java.util.List;

/// The ranges that a cluster's Services get addresses from to begin with: one, or one of each
/// family. The family of the first one is that of Services that do not say.
public record ServiceRanges(List<AddressRange> ranges) {

  /// What clusters usually have.
  public static final ServiceRanges DEFAULT = of("10.96.0.0/12");

  /// The offset at which the cluster's DNS is found.
  private static final int DNS = 10;

  public ServiceRanges {
    ranges = List.copyOf(ranges);
    if (ranges.isEmpty()
        || ranges.size() > 2
        || ranges.stream().map(AddressRange::family).distinct().count() < ranges.size()) {
      throw new IllegalArgumentException(
          "Services need one range of addresses, or one of each family");
    }
  }

  /// @param cidrs separated by commas
  /// @throws IllegalArgumentException if they are no such ranges; the message says why
  public static ServiceRanges of(String cidrs) {
    return new ServiceRanges(
        List.of(cidrs.split(",")).stream().map(String::strip).map(AddressRange::parse).toList());
  }

  /// The families that Services can have, the usual one first.
  public List<String> families() {
    return ranges.stream().map(AddressRange::family).toList();
  }

  /// As they were given.
  public List<String> cidrs() {
    return ranges.stream().map(AddressRange::cidr).toList();
  }

  /// The address of the Service in front of the API servers.
  public String apiAddress() {
    return ranges.getFirst().address(1);
  }

  /// The address at which Pods find the cluster's DNS.
  public String dnsAddress() {
    return ranges.getFirst().address(DNS);
  }
}
