package dev.tiphys.cli.data;

import dev.tiphys.cli.machine.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/// The process that runs the cluster of a data directory.
public final class RunningCluster {

  private RunningCluster() {}

  /// The process, if it runs.
  public static Optional<ProcessHandle> find(DataDirectory data) {
    try {
      if (!Files.exists(data.pidFile())) {
        return Optional.empty();
      }
      long pid = Long.parseLong(Files.readString(data.pidFile()).strip());
      return ProcessHandle.of(pid).filter(RunningCluster::isOurs);
    } catch (IOException | NumberFormatException e) {
      throw new CliException(
          "cannot read "
              + data.pidFile()
              + " ("
              + e.getMessage()
              + "); remove it if no cluster runs",
          e);
    }
  }

  /// Whether a process is a JVM: the number in the file may have passed on to another program.
  private static boolean isOurs(ProcessHandle process) {
    return process.isAlive()
        && process.info().command().map(command -> command.endsWith("java")).orElse(true);
  }
}
