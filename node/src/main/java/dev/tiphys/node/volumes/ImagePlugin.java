package dev.tiphys.node.volumes;

import dev.tiphys.node.runtime.ImageMounts;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Images as volumes. Only their places are made with the other volumes; an image is pulled and
/// mounted there when the first container starts that wants it.
final class ImagePlugin implements VolumePlugin {
  private static final String NAME = "kubernetes.io~image";

  private final PodDirectories directories;
  private final ImageMounts images;

  ImagePlugin(PodDirectories directories, ImageMounts images) {
    this.directories = directories;
    this.images = images;
  }

  @Override
  public boolean handles(Struct source) {
    return source.has("image");
  }

  @Override
  public String name(Struct source) {
    return "kubernetes.io/image";
  }

  @Override
  public Path prepare(VolumeRequest request) throws IOException {
    return Files.createDirectories(directories.volume(request.pod().uid(), NAME, request.name()));
  }

  @Override
  public void release(String uid) throws IOException, InterruptedException {
    Path all = directories.volume(uid, NAME, "");
    if (!Files.isDirectory(all)) {
      return;
    }
    List<Path> places;
    try (Stream<Path> entries = Files.list(all)) {
      places = entries.toList();
    }
    try {
      for (Path place : places) {
        images.unmount(place);
      }
    } catch (RuntimeFailure e) {
      throw new IOException("an image is still mounted: " + e.description(), e);
    }
  }
}
