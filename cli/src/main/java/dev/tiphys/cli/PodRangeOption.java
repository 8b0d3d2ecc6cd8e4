package dev.tiphys.cli;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.roles.ContainerMachinery;
import dev.tiphys.controllers.PodRanges;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the Pods of a cluster have their addresses from.
final class PodRangeOption {

  @Option(
      names = "--cluster-cidr",
      paramLabel = "CIDR",
      description =
          "The range of addresses that each node gets a part of for its Pods. Default:"
              + " 10.244.0.0/16, or another range for each further data directory of a machine.")
  private @Nullable String range;

  /// The range of the cluster of a data directory.
  String of(DataDirectory data) {
    return range == null ? ContainerMachinery.clusterRange(data) : range;
  }

  /// What the controllers of a cluster that has no data directory here give to its nodes.
  PodRanges ranges() {
    return range == null ? PodRanges.DEFAULT : PodRanges.DEFAULT.of(range);
  }
}
