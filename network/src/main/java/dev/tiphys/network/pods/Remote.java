package dev.tiphys.network.pods;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A node, as others reach it and its Pods.
///
/// @param ranges where its Pods have their addresses from
/// @param addresses its own, as its status tells
record Remote(String name, List<Prefix> ranges, List<InetAddress> addresses) {

  /// Null for one that is no machine.
  static @Nullable Remote of(Struct node) {
    if (node.string("status", "nodeInfo", "containerRuntimeVersion").startsWith("simulated:")) {
      return null;
    }
    return new Remote(
        Meta.of(node).name(),
        node.strings("spec", "podCIDRs").stream()
            .map(Prefix::parse)
            .filter(Objects::nonNull)
            .toList(),
        node.structs("status", "addresses").stream()
            .filter(address -> address.string("type").equals("InternalIP"))
            .map(address -> address.string("address"))
            .filter(text -> IpAddress.parse(text) != null)
            .map(InetAddress::ofLiteral)
            .toList());
  }

  /// Its first address of a family; null if it has none.
  @Nullable InetAddress address(Family family) {
    return addresses.stream().filter(one -> Family.of(one) == family).findFirst().orElse(null);
  }
}
