package dev.tiphys.monitoring.discovery;

import dev.tiphys.object.Struct;
import java.util.List;

/// Targets as files have them.
final class Target {

  private Target() {}

  static Struct of(String address, Struct labels) {
    return Struct.of("labels", labels, "targets", List.of(address));
  }

  static String address(String host, long port) {
    return host(host) + ":" + port;
  }

  static String host(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
