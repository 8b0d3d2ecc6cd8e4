package dev.tiphys.node.eviction;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerStats;
import dev.tiphys.node.runtime.FilesystemUsage;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.volumes.usage.VolumeUsage;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measures what Pods take of their node.
///
/// @param stats of all containers of the node's Pods at one time
record PodUsages(PodDirectories directories, List<ContainerStats> stats) {

  static PodUsages look(PodDirectories directories, ContainerRuntime runtime, String node)
      throws InterruptedException {
    return new PodUsages(directories, runtime.stats(Map.of(PodLabels.NODE, node)));
  }

  PodUsage of(Pod pod) throws IOException, InterruptedException {
    Map<String, Long> volumes = new HashMap<>();
    Map<String, Long> disk = new HashMap<>();
    Map<String, Long> memory = new HashMap<>();
    long onDisk = 0;
    long inodes = 0;
    for (Struct volume : pod.spec().structs("volumes")) {
      VolumeUsage usage = volume.has("emptyDir") ? emptyDir(pod, volume.string("name")) : null;
      if (usage != null) {
        volumes.put(volume.string("name"), usage.bytes().used());
        if (!volume.string("emptyDir", "medium").equals("Memory")) {
          onDisk += usage.bytes().used();
          inodes += usage.inodes() == null ? 0 : usage.inodes().used();
        }
      }
    }
    for (ContainerStats each : stats) {
      if (each.labels().getOrDefault(PodLabels.POD_UID, "").equals(pod.uid())) {
        String name = each.name().name();
        FilesystemUsage own = each.disk();
        disk.put(name, (own == null ? 0 : own.bytes()) + logs(pod, name));
        inodes += own == null ? 0 : own.inodes();
        memory.put(name, each.memory() == null ? 0 : each.memory().workingSet());
      }
    }
    return new PodUsage(pod, volumes, onDisk, disk, memory, inodes);
  }

  private @Nullable VolumeUsage emptyDir(Pod pod, String name)
      throws IOException, InterruptedException {
    Path directory = directories.volume(pod.uid(), "kubernetes.io~empty-dir", name);
    return Files.isDirectory(directory) ? VolumeUsage.ofTree(directory) : null;
  }

  private long logs(Pod pod, String container) throws IOException, InterruptedException {
    Path logs = directories.logs(pod.namespace(), pod.name(), pod.uid()).resolve(container);
    VolumeUsage usage = Files.isDirectory(logs) ? VolumeUsage.ofTree(logs) : null;
    return usage == null ? 0 : usage.bytes().used();
  }
}
