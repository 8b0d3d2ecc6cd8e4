package dev.tiphys.node.volumes.usage;

import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Finds out how full the volumes of this node's Pods are. An answer is good for a minute: going
/// through the files of a large volume takes a while, and monitoring asks often.
///
/// Threads: any.
public final class VolumeUsages {
  private static final long GOOD_FOR = Duration.ofMinutes(1).toNanos();
  private static final int MOST = 10_000;

  /// The kinds of volumes that are directories of the node's own file systems, and what upstream
  /// calls their plugins.
  private static final Map<String, String> TREES =
      Map.of(
          "emptyDir", "kubernetes.io~empty-dir",
          "configMap", "kubernetes.io~configmap",
          "secret", "kubernetes.io~secret",
          "projected", "kubernetes.io~projected",
          "downwardAPI", "kubernetes.io~downward-api");

  private final World world;
  private final PodDirectories directories;
  private final DriverUsage drivers;
  private final Map<Path, Measured> known = new ConcurrentHashMap<>();

  private record Measured(VolumeUsage usage, long at) {}

  public VolumeUsages(World world, PodDirectories directories, DriverUsage drivers) {
    this.world = world;
    this.directories = directories;
    this.drivers = drivers;
  }

  /// How full the volume of a claim is; null if that cannot be known now.
  ///
  /// @param uid the Pod's
  /// @param name of the PersistentVolume
  public @Nullable VolumeUsage ofClaim(String uid, String name)
      throws IOException, InterruptedException {
    VolumeUsage told = drivers.of(uid, name);
    if (told != null) {
      return told;
    }
    for (String plugin : new String[] {"csi", "nfs", "local-volume", "iscsi"}) {
      Path place = directories.volume(uid, "kubernetes.io~" + plugin, name);
      Path mounted = plugin.equals("csi") ? place.resolve("mount") : place;
      if (Files.isDirectory(mounted)) {
        return VolumeUsage.ofFileSystem(mounted);
      }
    }
    return null;
  }

  /// How full a volume is that lives with its Pod; null if that cannot be known now, or if it is of
  /// a kind that is not measured.
  ///
  /// @param uid the Pod's
  /// @param volume as the Pod has it
  public @Nullable VolumeUsage ofPod(String uid, Struct volume)
      throws IOException, InterruptedException {
    if (volume.has("csi")) {
      return drivers.of(uid, volume.string("name"));
    }
    for (Map.Entry<String, String> kind : TREES.entrySet()) {
      if (volume.has(kind.getKey())) {
        String name = volume.string("name");
        Path onDisk = directories.volume(uid, kind.getValue(), name);
        return tree(
            Files.isDirectory(onDisk)
                ? onDisk
                : directories.volumeInMemory(uid, kind.getValue(), name));
      }
    }
    return null;
  }

  private @Nullable VolumeUsage tree(Path directory) throws IOException, InterruptedException {
    Measured last = known.get(directory);
    if (last != null && world.nanoTime() - last.at < GOOD_FOR) {
      return last.usage;
    }
    VolumeUsage usage = Files.isDirectory(directory) ? VolumeUsage.ofTree(directory) : null;
    if (known.size() >= MOST) {
      known.clear();
    }
    if (usage == null) {
      known.remove(directory);
    } else {
      known.put(directory, new Measured(usage, world.nanoTime()));
    }
    return usage;
  }
}
