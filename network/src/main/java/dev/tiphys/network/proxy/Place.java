package dev.tiphys.network.proxy;

import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.SetSpec;
import dev.tiphys.network.nftables.Type;

/// The sets and maps that all Services share: what a packet's addresses and ports are looked up in.
enum Place {
  /// From an address, a protocol and a port to the chain of a Service.
  SERVICES("services"),
  /// From a protocol and a port of the node to the chain of a Service.
  NODE_PORTS("node-ports"),
  /// From an address, a protocol and a port that has no endpoint to what becomes of the packet.
  NO_ENDPOINTS("no-endpoints"),
  /// From a protocol and a port of the node that has no endpoint to what becomes of the packet.
  NO_NODE_PORT_ENDPOINTS("no-node-port-endpoints"),
  /// From the address, protocol and port of a load balancer to the chain that knows who may pass.
  FIREWALL("firewall"),
  /// The addresses of Services.
  CLUSTER_ADDRESSES("cluster-addresses"),
  /// The endpoints of this node, each twice: as source and destination of what reaches itself.
  HAIRPINS("hairpins");

  private final String set;

  Place(String set) {
    this.set = set;
  }

  String set() {
    return set;
  }

  SetSpec spec(Family family) {
    Type address = Type.address(family);
    return switch (this) {
      case SERVICES, NO_ENDPOINTS, FIREWALL ->
          SetSpec.map(set, Type.of(address, Type.PROTOCOL, Type.PORT), Type.VERDICT);
      case NODE_PORTS, NO_NODE_PORT_ENDPOINTS ->
          SetSpec.map(set, Type.of(Type.PROTOCOL, Type.PORT), Type.VERDICT);
      case CLUSTER_ADDRESSES -> SetSpec.set(set, address);
      case HAIRPINS -> SetSpec.set(set, Type.of(address, address));
    };
  }
}
