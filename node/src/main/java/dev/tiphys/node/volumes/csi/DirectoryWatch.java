package dev.tiphys.node.volumes.csi;

import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.stream.Stream;

/// Tells when something comes into a directory or goes, or into those below.
///
/// Threads: its own.
final class DirectoryWatch implements PluginConnections.Watch {
  private static final System.Logger LOG = System.getLogger(DirectoryWatch.class.getName());

  private final Path top;
  private final int depth;
  private final WatchService service;
  private final Task task;

  /// @param depth how far below to look
  /// @param onChange told of each change, or of several at once; it must not wait
  DirectoryWatch(World world, Path top, int depth, Runnable onChange) throws IOException {
    this.top = top;
    this.depth = depth;
    this.service = top.getFileSystem().newWatchService();
    register();
    this.task = world.background().start("watch-" + top.getFileName(), () -> run(onChange));
  }

  /// Those that are watched already are not watched twice.
  private void register() throws IOException {
    try (Stream<Path> below = Files.walk(top, depth)) {
      for (Path directory : below.filter(Files::isDirectory).toList()) {
        directory.register(
            service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
      }
    }
  }

  private void run(Runnable onChange) {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents();
        boolean _ = key.reset();
        // What came into a new directory before that is watched is seen by the look that follows.
        register();
        onChange.run();
      }
    } catch (ClosedWatchServiceException | InterruptedException _) {
      // It is not needed any more.
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a directory is not watched any more: {0} {1}", top, e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a watch was not closed: {0}", e.getMessage());
    }
    task.interrupt();
  }
}
