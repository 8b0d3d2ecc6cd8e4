package dev.tiphys.cli;

import dev.tiphys.cli.options.ApiServerOptions;
import dev.tiphys.cli.options.ClusterDnsOption;
import dev.tiphys.cli.options.EvictionOption;
import dev.tiphys.cli.options.MonitoringOption;
import dev.tiphys.cli.options.NetworkOption;
import dev.tiphys.cli.options.PodNetworkOption;
import dev.tiphys.cli.options.PodRangeOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What can be said of a cluster that is to be started.
final class UpOptions {

  /// What runs the cluster's containers.
  enum NodeKind {
    /// containerd, on this machine.
    CONTAINERD,
    /// Nothing: the nodes only act as if.
    SIMULATED,
    /// There is no node.
    NONE
  }

  @Mixin ApiServerOptions server = new ApiServerOptions();
  @Mixin PodRangeOption podRange = new PodRangeOption();
  @Mixin NetworkOption network = new NetworkOption();
  @Mixin MonitoringOption monitoring = new MonitoringOption();
  @Mixin PodNetworkOption podNetwork = new PodNetworkOption();
  @Mixin ClusterDnsOption dns = new ClusterDnsOption();
  @Mixin EvictionOption eviction = new EvictionOption();

  @Option(
      names = "--node",
      paramLabel = "KIND",
      description =
          "The node of this cluster: 'containerd' runs real containers, 'simulated' only acts as if,"
              + " 'none' leaves nodes to others. Default: ${DEFAULT-VALUE}.")
  NodeKind node = NodeKind.CONTAINERD;

  @Option(
      names = "--simulated-nodes",
      paramLabel = "N",
      description = "How many simulated nodes there are. Default: 1 with --node simulated, else 0.")
  int simulatedNodes = -1;

  @Option(
      names = "--scheduler-config",
      paramLabel = "FILE",
      description =
          "A file with a KubeSchedulerConfiguration for the scheduler: profiles, plugins and their"
              + " arguments, extenders.")
  @Nullable Path schedulerConfig;

  @Option(
      names = "--no-install",
      description = "Do not install packages that a node needs; say which ones, and stop.")
  boolean noInstall;

  @Option(
      names = "--detach",
      description = "Return once the cluster is ready, and leave it running.")
  boolean detach;

  int simulatedNodes() {
    if (simulatedNodes >= 0) {
      return simulatedNodes;
    }
    return node == NodeKind.SIMULATED ? 1 : 0;
  }
}
