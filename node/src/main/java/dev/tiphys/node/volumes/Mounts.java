package dev.tiphys.node.volumes;

import java.io.IOException;
import java.nio.file.Path;

/// File systems in memory, as the machine mounts them.
///
/// Threads: any.
public interface Mounts {
  /// Mounts a file system in memory, unless one is mounted there. Returns whether that was done.
  ///
  /// @param size in bytes; 0 for the system's usual
  boolean mountMemory(Path directory, long size) throws IOException, InterruptedException;

  /// Unmounts what is mounted there, if anything is.
  void unmount(Path directory) throws IOException, InterruptedException;
}
