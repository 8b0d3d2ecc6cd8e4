package dev.tiphys.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Which cluster of this machine is meant.
final class DataOption {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the cluster keeps its data. Default: ${DEFAULT-VALUE}.")
  Path path = DataDirectory.usual();

  DataDirectory directory() {
    return new DataDirectory(path.toAbsolutePath().normalize());
  }
}
