package dev.tiphys.cli.features;

import dev.tiphys.apiserver.RuntimeConfig;
import dev.tiphys.cli.machine.CliException;
import java.util.List;
import picocli.CommandLine.Option;

/// Which of the built-in resources are served, with upstream's words for it.
public final class RuntimeConfigOption {

  @Option(
      names = "--runtime-config",
      paramLabel = "API[=BOOL]",
      split = ",",
      description =
          "APIs that are to be served though they usually are not, or not: GROUP/VERSION=true,"
              + " GROUP/VERSION/RESOURCE=false, api/all, api/ga, api/beta, api/alpha.")
  private List<String> given = List.of();

  /// @throws CliException if there is no such API, or it can't be had
  public RuntimeConfig config() {
    try {
      return RuntimeConfig.parse(String.join(",", given));
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    }
  }
}
