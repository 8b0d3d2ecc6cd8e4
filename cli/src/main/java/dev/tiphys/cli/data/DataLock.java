package dev.tiphys.cli.data;

import dev.tiphys.cli.machine.CliException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// One process's claim on a data directory. Ends with the process, however that ends.
public final class DataLock implements AutoCloseable {

  /// The directories that this process has. The operating system would give a lock up if the same
  /// process opened and closed its file once more.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final DataDirectory data;
  private final FileChannel channel;

  private DataLock(DataDirectory data, FileChannel channel) {
    this.data = data;
    this.channel = channel;
  }

  /// Claims the directory, and writes down the id of this process.
  ///
  /// @throws CliException if another process has it
  public static DataLock take(DataDirectory data) {
    if (!HELD.add(data.path())) {
      throw inUse(data);
    }
    boolean taken = false;
    try {
      FileChannel channel =
          FileChannel.open(data.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        HELD.remove(data.path());
        throw inUse(data);
      }
      Files.writeString(data.pidFile(), ProcessHandle.current().pid() + "\n");
      taken = true;
      return new DataLock(data, channel);
    } catch (IOException e) {
      throw new CliException("cannot write to the data directory " + data.path() + ": " + e, e);
    } finally {
      if (!taken) {
        HELD.remove(data.path());
      }
    }
  }

  static boolean isHeldHere(DataDirectory data) {
    return HELD.contains(data.path());
  }

  /// Makes sure that no cluster runs in the directory, without touching it, so that this is said
  /// before anything else fails for the same reason.
  ///
  /// @throws CliException if one does
  public static void requireFree(DataDirectory data) {
    if (RunningCluster.find(data).isPresent()) {
      throw inUse(data);
    }
  }

  private static CliException inUse(DataDirectory data) {
    String holder =
        RunningCluster.find(data).map(process -> "process " + process.pid()).orElse("a process");
    return new CliException(
        "the data directory %s is in use by %s; stop it with tiphys down --data-dir %s, or choose another directory with --data-dir"
            .formatted(data.path(), holder, data.path()));
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(data.pidFile());
    channel.close();
    HELD.remove(data.path());
  }
}
