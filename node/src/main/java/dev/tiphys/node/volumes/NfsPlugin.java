package dev.tiphys.node.volumes;

import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Directories of NFS servers, mounted for each Pod.
final class NfsPlugin implements VolumePlugin {
  private static final String NAME = "kubernetes.io~nfs";

  private final PodDirectories directories;
  private final Mounts mounts;

  NfsPlugin(PodDirectories directories, Mounts mounts) {
    this.directories = directories;
    this.mounts = mounts;
  }

  @Override
  public boolean handles(Struct source) {
    return source.has("nfs");
  }

  @Override
  public String name(Struct source) {
    return "kubernetes.io/nfs";
  }

  @Override
  public Path prepare(VolumeRequest request) throws IOException, InterruptedException {
    Struct source = request.source().struct("nfs");
    Path place = directories.volume(request.pod().uid(), NAME, request.name());
    Files.createDirectories(place);
    if (!mounts.isMounted(place)) {
      List<String> options = new ArrayList<>(request.source().strings("mountOptions"));
      if (source.bool("readOnly") || request.readOnly()) {
        options.add("ro");
      }
      String server = source.string("server");
      String host = server.contains(":") ? "[" + server + "]" : server;
      mounts.mount("nfs", host + ":" + source.string("path"), place, options);
    }
    return place;
  }
}
