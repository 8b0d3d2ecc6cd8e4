package dev.tiphys.node.simulated;

/// One of the nodes.
///
/// @param name its name
/// @param address its IP address
record SimulatedNode(String name, String address) {

  /// Where the addresses of nodes begin: 172.16.0.0/12 has room for a million.
  private static final int FIRST_ADDRESS = 172 << 24 | 16 << 16;

  static SimulatedNode of(String prefix, int number) {
    return new SimulatedNode(prefix + number, Addresses.text(FIRST_ADDRESS + number + 1));
  }
}
