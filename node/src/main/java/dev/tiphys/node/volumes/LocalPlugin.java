package dev.tiphys.node.volumes;

import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// PersistentVolumes that are a directory or a block device of this node.
final class LocalPlugin implements VolumePlugin {
  private static final String NAME = "kubernetes.io~local-volume";

  private final PodDirectories directories;
  private final Mounts mounts;

  LocalPlugin(PodDirectories directories, Mounts mounts) {
    this.directories = directories;
    this.mounts = mounts;
  }

  @Override
  public boolean handles(Struct source) {
    return source.has("local");
  }

  @Override
  public String name(Struct source) {
    return "kubernetes.io/local-volume";
  }

  @Override
  public Path prepare(VolumeRequest request)
      throws VolumeFailure, IOException, InterruptedException {
    Struct source = request.source().struct("local");
    Path path = Path.of(source.string("path"));
    if (!Files.exists(path)) {
      throw new VolumeFailure("path \"" + path + "\" does not exist");
    }
    boolean device = HostPaths.isBlockDevice(path);
    if (request.block()) {
      if (!device) {
        throw VolumeFailure.at(
            "MapVolume.SetUpDevice", request.name(), path + " is not a block device");
      }
      return path;
    }
    if (!device && !Files.isDirectory(path)) {
      throw new VolumeFailure("only directory and block device are supported: \"" + path + "\"");
    }
    Path place = device ? mounted(request, source, path) : path;
    if (!request.readOnly()) {
      FileTree.share(place, request.pod(), false);
    }
    return place;
  }

  /// The file system on a device, mounted for the Pod. It is made if there is none.
  private Path mounted(VolumeRequest request, Struct source, Path device)
      throws IOException, InterruptedException {
    Path place = directories.volume(request.pod().uid(), NAME, request.name());
    Files.createDirectories(place);
    if (!mounts.isMounted(place)) {
      List<String> options = new ArrayList<>(request.source().strings("mountOptions"));
      if (request.readOnly()) {
        options.add("ro");
      }
      mounts.mountDevice(source.string("fsType"), device, place, options);
    }
    return place;
  }
}
