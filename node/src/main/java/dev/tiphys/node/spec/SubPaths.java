package dev.tiphys.node.spec;

import java.io.IOException;
import java.nio.file.Path;

/// Gives containers parts of volumes.
///
/// Threads: any.
public interface SubPaths {

  /// A part of a volume that a container mounts.
  ///
  /// @param uid the Pod's
  /// @param volume the volume's name in the Pod
  /// @param container the container's name
  /// @param index which of the container's mounts it is
  record Wanted(String uid, String volume, String container, int index) {}

  /// Where the part is: a place of its own that leads there whatever happens in the volume. What
  /// was there for a container before is replaced. What is missing of the part is made.
  ///
  /// @param directory where the volume is
  /// @throws IOException if the part leads out of the volume, or can't be had
  Path prepare(Wanted wanted, Path directory, Path part) throws IOException, InterruptedException;
}
