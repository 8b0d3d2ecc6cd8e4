package dev.tiphys.node.logs;

import dev.tiphys.node.runtime.Container;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/// Keeps the logs of running containers from filling the disk.
///
/// When the file that is written has grown beyond a size it is moved away under a name with the
/// time in it, the runtime goes on with a new one, and of the old ones only the newest are kept,
/// all but the very last compressed. Names and numbers are upstream's.
///
/// Threads: one at a time.
public final class LogRotator {

  /// Beyond this a log is rotated, unless said otherwise.
  public static final long MAX_SIZE = 10 << 20;

  /// So many files are kept of each log, the current one included, unless said otherwise.
  public static final int MAX_FILES = 5;

  private static final System.Logger LOG = System.getLogger(LogRotator.class.getName());

  private final World world;
  private final ContainerRuntime runtime;
  private final Map<String, String> which;
  private final long maxSize;
  private final int maxFiles;

  /// @param which the labels of the containers whose logs are to be rotated
  /// @param maxFiles at least 2
  public LogRotator(
      World world,
      ContainerRuntime runtime,
      Map<String, String> which,
      long maxSize,
      int maxFiles) {
    if (maxFiles < 2) {
      throw new IllegalArgumentException("at least 2 log files must be kept, not " + maxFiles);
    }
    this.world = world;
    this.runtime = runtime;
    this.which = Map.copyOf(which);
    this.maxSize = maxSize;
    this.maxFiles = maxFiles;
  }

  /// Looks at the log of every running container once. What fails for one of them is reported, and
  /// tried again in the next round.
  public void rotate() throws InterruptedException {
    for (Container container : runtime.containers(which)) {
      if (container.state() == ContainerState.RUNNING) {
        try {
          rotate(container.id());
        } catch (IOException | RuntimeFailure e) {
          LOG.log(System.Logger.Level.WARNING, "a log was not rotated: " + container.id(), e);
        }
      }
    }
  }

  private void rotate(String id) throws IOException, InterruptedException {
    String path = runtime.containerStatus(id).logPath();
    if (path.isEmpty()) {
      return;
    }
    Path log = Path.of(path);
    try {
      if (Files.size(log) <= maxSize) {
        return;
      }
    } catch (NoSuchFileException _) {
      // A rotation that failed half-way left none: the runtime makes a new one.
      runtime.reopenLog(id);
      return;
    }
    RotatedLogs old = new RotatedLogs(log);
    old.removeUnfinished();
    old.keepNewest(maxFiles - 2); // beside the one that is written, and the one that was until now
    old.compress();
    Path moved = old.moveAway(world.now());
    try {
      runtime.reopenLog(id);
    } catch (RuntimeFailure e) {
      Files.move(moved, log);
      throw e;
    }
  }
}
