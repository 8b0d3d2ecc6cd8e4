package dev.tiphys.cli.options;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.roles.ContainerMachinery;
import dev.tiphys.controllers.PodRanges;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Where the Pods of a cluster have their addresses from.
public final class PodRangeOption {

  @Option(
      names = "--cluster-cidr",
      paramLabel = "CIDR",
      description =
          "The range of addresses that each node gets a part of for its Pods. Default:"
              + " 10.244.0.0/16, or another range for each further data directory of a machine, and"
              + " 10.128.0.0/9 with simulated nodes.")
  void range(String text) {
    if (!text.matches("[0-9]{1,3}([.][0-9]{1,3}){3}/([89]|1[0-9]|2[0-4])")) {
      throw new ParameterException(
          command.commandLine(),
          "--cluster-cidr takes a range of IPv4 addresses from /8 to /24, such as 10.244.0.0/16, not "
              + text);
    }
    range = text;
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

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
