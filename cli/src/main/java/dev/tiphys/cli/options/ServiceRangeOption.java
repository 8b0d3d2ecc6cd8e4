package dev.tiphys.cli.options;

import dev.tiphys.apiserver.allocation.ServiceRanges;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.roles.ContainerMachinery;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Where the Services of a cluster have their addresses from.
public final class ServiceRangeOption {

  private @Nullable ServiceRanges ranges;

  @Option(
      names = "--service-cluster-ip-range",
      paramLabel = "CIDR",
      description =
          "The range of addresses of Services, or one of each family, separated by a comma. Default:"
              + " 10.96.0.0/12, or another range for each further data directory of a machine.")
  void ranges(String text) {
    try {
      ranges = ServiceRanges.of(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "--service-cluster-ip-range: " + e.getMessage(), e);
    }
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  /// The ranges of the cluster of a data directory.
  public ServiceRanges of(DataDirectory data) {
    return ranges == null ? ContainerMachinery.serviceRanges(data) : ranges;
  }
}
