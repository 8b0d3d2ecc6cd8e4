package dev.tiphys.node.cni;

import java.nio.file.Path;
import java.util.List;

/// How the network of Pods on this node is to be.
///
/// @param data the node's data directory; everything goes below its `cni`
/// @param name the name of the network, and of its tables of rules
/// @param direct the ranges that Pods talk to under their own address: those of all Pods
public record PodNetworkSettings(Path data, String name, List<String> direct) {

  public static final String DEFAULT_NAME = "tiphys0";

  public PodNetworkSettings {
    direct = List.copyOf(direct);
    if (!name.matches("[a-z][a-z0-9-]{0,30}")) {
      throw new IllegalArgumentException(
          name + " is no name for a network: up to 31 lower-case letters, digits and hyphens");
    }
  }

  /// Where the runtime looks for the configuration of networks.
  public Path configurations() {
    return directory().resolve("net.d");
  }

  Path directory() {
    return data.toAbsolutePath().normalize().resolve("cni");
  }

  Path configuration() {
    return configurations().resolve("10-tiphys.conflist");
  }

  /// Where the plugin that gives out addresses keeps its books.
  Path addresses() {
    return directory().resolve("networks");
  }
}
