package dev.tiphys.cli.data;

import dev.tiphys.cli.machine.CliException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The process that runs the cluster of a data directory.
public final class RunningCluster {

  private RunningCluster() {}

  /// The process, if it runs: whatever a file says, only the one that holds the directory's lock is
  /// it.
  ///
  /// @throws CliException if that cannot be found out
  public static Optional<ProcessHandle> find(DataDirectory data) {
    if (DataLock.isHeldHere(data)) {
      return Optional.of(ProcessHandle.current());
    }
    if (!Files.exists(data.lockFile()) || isFree(data)) {
      return Optional.empty();
    }
    return Optional.of(holder(data));
  }

  private static boolean isFree(DataDirectory data) {
    try (FileChannel channel = FileChannel.open(data.lockFile(), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (IOException e) {
      throw new CliException("cannot look at " + data.lockFile() + ": " + e, e);
    }
  }

  private static ProcessHandle holder(DataDirectory data) {
    try {
      long pid = Long.parseLong(Files.readString(data.pidFile()).strip());
      return ProcessHandle.of(pid).orElseThrow(() -> unknown(data, "process " + pid + " is gone"));
    } catch (IOException | NumberFormatException e) {
      throw unknown(data, e.toString());
    }
  }

  private static CliException unknown(DataDirectory data, String cause) {
    return new CliException(
        "a process has the data directory %s, and does not say which it is (%s); try again"
            .formatted(data.path(), cause));
  }
}
