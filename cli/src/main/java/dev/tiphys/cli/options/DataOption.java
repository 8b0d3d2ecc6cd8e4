package dev.tiphys.cli.options;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.machine.CliException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Which cluster of this machine is meant.
public final class DataOption {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the cluster keeps its data. Default: ${DEFAULT-VALUE}.")
  private Path path = DataDirectory.usual();

  /// The directory, whether it is there or not.
  public DataDirectory directory() {
    return DataDirectory.of(path);
  }

  /// The directory, made if it is not there.
  ///
  /// @throws CliException if it can't be had
  public DataDirectory make() {
    return DataDirectory.make(path);
  }

  /// The directory of a cluster that was started before.
  ///
  /// @throws CliException if there is none
  public DataDirectory existing() {
    DataDirectory directory = directory();
    if (!directory.isOurs()) {
      throw new CliException(
          "there is no cluster in %s; start one with tiphys up, or name another directory with --data-dir"
              .formatted(directory.path()));
    }
    return directory;
  }
}
