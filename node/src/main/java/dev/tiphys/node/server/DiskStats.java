package dev.tiphys.node.server;

import dev.tiphys.node.eviction.Vitals;
import dev.tiphys.node.runtime.ContainerStats;
import dev.tiphys.node.runtime.FilesystemUsage;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.volumes.usage.VolumeStats;
import dev.tiphys.node.volumes.usage.VolumeUsage.Amount;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the node, its Pods and their containers take of its disks, as parts of upstream's
/// `Summary`.
///
/// @param at when that was
/// @param volumes those of all Pods
record DiskStats(Instant at, Vitals vitals, PodDirectories directories, List<VolumeStats> volumes) {
  /// The file system with Pods' files.
  Struct ofNode() {
    return vitals.pods().toStruct(at);
  }

  /// Where the runtime keeps images and what containers write.
  Struct ofRuntime() {
    Struct images = vitals.images().toStruct(at);
    return Struct.of("imageFs", images, "containerFs", images);
  }

  /// What a container has written to its own file system; null if that is not known.
  @Nullable Struct rootfs(ContainerStats stats) {
    FilesystemUsage own = stats.disk();
    return own == null
        ? null
        : vitals.images().ofThat(own.bytes(), own.inodes()).toStruct(own.at());
  }

  /// A container's logs.
  Struct logs(Usage.PodName pod, String container) throws IOException {
    Sizes sizes = logSizes(pod, container);
    return vitals.pods().ofThat(sizes.bytes, sizes.files).toStruct(at);
  }

  /// All that a Pod has on the disk of the node: its own volumes, and what containers have written.
  ///
  /// @param object the Pod, as far as it is known
  Struct ephemeral(Usage.PodName pod, Struct object, List<ContainerStats> containers)
      throws IOException {
    long bytes = 0;
    long files = 0;
    for (ContainerStats stats : containers) {
      Sizes sizes = logSizes(pod, stats.name().name());
      FilesystemUsage own = stats.disk();
      bytes += sizes.bytes + (own == null ? 0 : own.bytes());
      files += sizes.files + (own == null ? 0 : own.inodes());
    }
    List<String> onDisk =
        object.structs("spec", "volumes").stream()
            .filter(volume -> volume.has("emptyDir"))
            .filter(volume -> !volume.string("emptyDir", "medium").equals("Memory"))
            .map(volume -> volume.string("name"))
            .toList();
    for (VolumeStats volume : volumes) {
      if (volume.uid().equals(pod.uid()) && onDisk.contains(volume.volume())) {
        Amount inodes = volume.usage().inodes();
        bytes += volume.usage().bytes().used();
        files += inodes == null ? 0 : inodes.used();
      }
    }
    return vitals.pods().ofThat(bytes, files).toStruct(at);
  }

  private record Sizes(long bytes, long files) {}

  private Sizes logSizes(Usage.PodName pod, String container) throws IOException {
    Path logs = directories.logs(pod.namespace(), pod.name(), pod.uid()).resolve(container);
    if (!Files.isDirectory(logs)) {
      return new Sizes(0, 0);
    }
    try (Stream<Path> files = Files.list(logs)) {
      List<Path> all = files.toList();
      long bytes = 0;
      for (Path file : all) {
        bytes += Files.exists(file) ? Files.size(file) : 0; // They are rotated meanwhile.
      }
      return new Sizes(bytes, all.size());
    }
  }
}
