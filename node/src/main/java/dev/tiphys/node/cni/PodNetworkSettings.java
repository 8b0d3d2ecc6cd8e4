package dev.tiphys.node.cni;

import java.nio.file.Path;
import java.util.List;

/// How the network of Pods on this node is to be.
///
/// @param data the node's data directory; everything goes below its `cni`
/// @param bridge the name of the bridge, and of the network; at most 15 characters
/// @param direct the ranges that Pods talk to under their own address: those of all Pods
public record PodNetworkSettings(Path data, String bridge, List<String> direct) {

  public static final String DEFAULT_BRIDGE = "tiphys0";

  /// A name for a network interface is 15 characters at most.
  private static final int LONGEST_NAME = 15;

  public PodNetworkSettings {
    direct = List.copyOf(direct);
    if (!bridge.matches("[a-z][a-z0-9-]*") || bridge.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "%s is no name for a bridge: up to %d lower-case letters and digits"
              .formatted(bridge, LONGEST_NAME));
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
