package dev.tiphys.node.volumes;

import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.spec.SubPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Parts of volumes, each mounted at a place of its own in its Pod's directory.
///
/// A container that starts again has its parts mounted anew: a file of a ConfigMap that has changed
/// is another file, and the old one is gone.
///
/// Threads: any.
public final class MountedSubPaths implements SubPaths {
  private final PodDirectories directories;
  private final Mounts mounts;

  public MountedSubPaths(PodDirectories directories, Mounts mounts) {
    this.directories = directories;
    this.mounts = mounts;
  }

  @Override
  public Path prepare(Wanted wanted, Path directory, Path part)
      throws IOException, InterruptedException {
    Path place =
        directories
            .subPaths(wanted.uid())
            .resolve(wanted.volume())
            .resolve(wanted.container())
            .resolve(Integer.toString(wanted.index()));
    mounts.unmount(place);
    Files.deleteIfExists(place);
    mounts.bindBeneath(directory.toRealPath(), part, place);
    return place;
  }
}
