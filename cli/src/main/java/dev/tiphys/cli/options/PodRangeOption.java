package dev.tiphys.cli.options;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.roles.ContainerMachinery;
import dev.tiphys.controllers.PodRanges;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.nftables.Family;
import java.util.List;
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
          "The range of addresses that each node gets a part of for its Pods, or one of each family,"
              + " separated by a comma. Default:"
              + " 10.244.0.0/16, or another range for each further data directory of a machine, and"
              + " 10.128.0.0/9 with simulated nodes.")
  void range(String text) {
    List<String> all = List.of(text.split(","));
    boolean good =
        all.stream().allMatch(PodRangeOption::isRange)
            && all.size() == all.stream().map(one -> one.contains(":")).distinct().count();
    if (!good) {
      throw new ParameterException(
          command.commandLine(),
          "--cluster-cidr takes a range of IPv4 addresses from /8 to /24, such as 10.244.0.0/16, one"
              + " of IPv6 addresses from /48 to /64, or both with a comma between, not "
              + text);
    }
    ranges = all;
  }

  private static boolean isRange(String text) {
    Prefix prefix = text.contains("/") ? Prefix.parse(text) : null;
    if (prefix == null) {
      return false;
    }
    return prefix.family() == Family.IPV4
        ? prefix.bits() >= 8 && prefix.bits() <= 24
        : prefix.bits() >= 48 && prefix.bits() <= 64;
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  private List<String> ranges = List.of();

  /// The ranges of the cluster of a data directory.
  ///
  /// @param simulated whether it has nodes that are not real, of which there may be many
  public List<String> of(DataDirectory data, boolean simulated) {
    if (!ranges.isEmpty()) {
      return ranges;
    }
    return simulated
        ? PodRanges.SIMULATED.cluster()
        : List.of(ContainerMachinery.clusterRange(data));
  }

  /// Whether a range was asked for.
  public boolean isGiven() {
    return !ranges.isEmpty();
  }

  /// What the controllers of a cluster that has no data directory here give to its nodes.
  public PodRanges ranges() {
    return ranges.isEmpty() ? PodRanges.DEFAULT : PodRanges.DEFAULT.of(ranges);
  }
}
