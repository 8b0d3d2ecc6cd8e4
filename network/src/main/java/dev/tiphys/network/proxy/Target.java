package dev.tiphys.network.proxy;

import dev.tiphys.network.nftables.Key;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/// Where connections are sent.
record Target(InetAddress address, int port) {

  /// Targets by identifiers that each has in every process, whatever others there are; but for the
  /// rare case that two would have the same one.
  static Map<Integer, Target> identified(List<Target> targets) {
    Map<Integer, Target> all = new LinkedHashMap<>();
    for (Target target : targets) {
      int identifier = target.checksum();
      while (all.putIfAbsent(identifier, target) != null) {
        identifier++;
      }
    }
    return all;
  }

  private int checksum() {
    CRC32 sum = new CRC32();
    sum.update(address.getAddress());
    sum.update(port >> 8);
    sum.update(port);
    return (int) sum.getValue();
  }

  Key key() {
    return Key.of(address).port(port);
  }
}
