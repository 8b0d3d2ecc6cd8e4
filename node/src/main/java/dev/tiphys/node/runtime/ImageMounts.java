package dev.tiphys.node.runtime;

import java.nio.file.Path;

/// Images as directories, for volumes that are images.
///
/// Threads: any.
public interface ImageMounts {

  /// Makes what is in an image appear at a directory, which is there: it cannot be written to. Does
  /// nothing if something is mounted there already.
  ///
  /// @param image its name or id; must be here, and must not be removed meanwhile
  /// @throws RuntimeFailure if that cannot be done
  void mount(String image, Path directory) throws InterruptedException;

  /// Takes back what [#mount] did, or has begun to do; does nothing if that is nothing.
  ///
  /// @throws RuntimeFailure if that cannot be done now
  void unmount(Path directory) throws InterruptedException;
}
