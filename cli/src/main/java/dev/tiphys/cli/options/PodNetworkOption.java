package dev.tiphys.cli.options;

import picocli.CommandLine.Option;

/// Who makes the network of Pods.
public final class PodNetworkOption {

  /// How it is made.
  public enum Kind {
    /// Routes between nodes, through a tunnel where routers are between.
    ROUTED,
    /// By a plugin that the user installs.
    NONE
  }

  @Option(
      names = "--pod-network",
      paramLabel = "KIND",
      description =
          "The network of pods: 'routed' has routes between nodes, and a VXLAN where routers are"
              + " between; 'none' leaves it to a network plugin that you install, with its programs in"
              + " /opt/cni/bin and its configuration in /etc/cni/net.d: the node is not ready before"
              + " that is there. Default: ${DEFAULT-VALUE}.")
  private Kind kind = Kind.ROUTED;

  /// Whether it is made here.
  public boolean isOurs() {
    return kind == Kind.ROUTED;
  }
}
