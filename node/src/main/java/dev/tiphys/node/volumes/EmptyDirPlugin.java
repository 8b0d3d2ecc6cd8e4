package dev.tiphys.node.volumes;

import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Directories that live as long as their Pod, on the node's disk or in memory.
final class EmptyDirPlugin implements VolumePlugin {
  private static final String NAME = "kubernetes.io~empty-dir";

  private final PodDirectories directories;
  private final Mounts mounts;

  EmptyDirPlugin(PodDirectories directories, Mounts mounts) {
    this.directories = directories;
    this.mounts = mounts;
  }

  @Override
  public boolean handles(Struct source) {
    // A volume of which only the name is said is one, too.
    return source.has("emptyDir") || source.size() == 1 && source.has("name");
  }

  @Override
  public String name(Struct source) {
    return "kubernetes.io/empty-dir";
  }

  @Override
  public Path prepare(VolumeRequest request) throws IOException, InterruptedException {
    Struct source = request.source().struct("emptyDir");
    Path directory = directories.volume(request.pod().uid(), NAME, request.name());
    boolean fresh = !Files.isDirectory(directory);
    if (fresh) {
      Files.createDirectories(directory);
    }
    boolean inMemory = source.string("medium").equals("Memory");
    if (inMemory) {
      // After the machine has started anew the directory is there, but nothing is mounted on it.
      fresh |= mounts.mountMemory(directory, Quantity.from(source.get("sizeLimit")).units());
    }
    if (fresh) {
      // A file system in memory has the sticky bit from the start, and upstream leaves it.
      FileTree.mode(directory, inMemory ? 01777 : 0777);
      FileTree.shareDirectory(directory, request.group());
    }
    return directory;
  }
}
