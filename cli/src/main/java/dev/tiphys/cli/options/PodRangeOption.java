package dev.tiphys.cli.options;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.roles.ContainerMachinery;
import dev.tiphys.controllers.PodRanges;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the Pods of a cluster have their addresses from.
public final class PodRangeOption {

  @Option(
      names = "--cluster-cidr",
      paramLabel = "CIDR",
      description =
          "The range of addresses that each node gets a part of for its Pods. Default:"
              + " 10.244.0.0/16, or another range for each further data directory of a machine, and"
              + " 10.128.0.0/9 with simulated nodes.")
  private @Nullable String range;

  /// The range of the cluster of a data directory.
  ///
  /// @param simulated whether it has nodes that are not real, of which there may be many
  public String of(DataDirectory data, boolean simulated) {
    if (range != null) {
      return range;
    }
    return simulated
        ? PodRanges.SIMULATED.cluster().getFirst()
        : ContainerMachinery.clusterRange(data);
  }

  /// What the controllers of a cluster that has no data directory here give to its nodes.
  public PodRanges ranges() {
    return range == null ? PodRanges.DEFAULT : PodRanges.DEFAULT.of(range);
  }
}
