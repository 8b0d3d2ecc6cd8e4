package dev.tiphys.node.volumes;

import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.spec.DownwardFields;
import dev.tiphys.node.volumes.usage.VolumeMetrics;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes, refreshes and removes the volumes of Pods, by a plugin for each kind.
///
/// What secrets and projections hold is kept in memory, all in one file system: none of it reaches
/// a disk, and a Pod costs no mount.
///
/// Threads: any, one for each Pod.
public final class PodVolumes {
  private final Claims claims;
  private final PodDirectories directories;
  private final Mounts mounts;
  private final ServiceAccountTokens tokens;
  private final List<VolumePlugin> plugins;
  private final VolumeMetrics metrics;

  /// @param plugins of several that handle a volume the first one does
  public PodVolumes(
      Claims claims,
      PodDirectories directories,
      Mounts mounts,
      ServiceAccountTokens tokens,
      List<VolumePlugin> plugins,
      VolumeMetrics metrics) {
    this.claims = claims;
    this.directories = directories;
    this.mounts = mounts;
    this.tokens = tokens;
    this.plugins = List.copyOf(plugins);
    this.metrics = metrics;
  }

  /// Makes what all volumes need, and finds again what is mounted. Comes before everything else.
  public void start() throws IOException, InterruptedException {
    Files.createDirectories(directories.memory());
    boolean _ = mounts.mountMemory(directories.memory(), 0);
    for (VolumePlugin plugin : plugins) {
      plugin.start();
    }
  }

  /// Gives back what the node has and no Pod uses.
  public void tidy() throws InterruptedException {
    for (VolumePlugin plugin : plugins) {
      plugin.tidy();
    }
  }

  /// The Pods that have volumes of which something is not in their directory, by uid.
  public Set<String> users() {
    Set<String> uids = new TreeSet<>();
    plugins.forEach(plugin -> uids.addAll(plugin.users()));
    return uids;
  }

  /// Makes the volumes of a Pod that its containers name, or refreshes what has changed since.
  ///
  /// @return where they are, by name
  /// @throws VolumeFailure if one of them can't be used; of several, the others are suppressed in
  ///   it
  public Map<String, Path> prepare(DownwardFields fields)
      throws VolumeFailure, InterruptedException {
    Map<String, Path> prepared = new HashMap<>();
    Used used = Used.of(fields.pod());
    VolumeFailure failure = null;
    for (Struct volume : fields.pod().spec().structs("volumes")) {
      String name = volume.string("name");
      if (!used.mounted.contains(name) && !used.devices.contains(name)) {
        continue;
      }
      try {
        prepared.put(name, prepare(volume, fields, used));
      } catch (VolumeFailure e) {
        failure = joined(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
    return prepared;
  }

  /// One that has something to tell comes before one that only waits.
  private static VolumeFailure joined(@Nullable VolumeFailure first, VolumeFailure next) {
    if (first == null) {
      return next;
    }
    VolumeFailure main = first.waits() ? next : first;
    main.addSuppressed(first.waits() ? first : next);
    return main;
  }

  /// The volumes that a Pod's containers name.
  ///
  /// @param mounted as directories
  /// @param devices as block devices
  private record Used(Set<String> mounted, Set<String> devices) {
    static Used of(Pod pod) {
      Used used = new Used(new HashSet<>(), new HashSet<>());
      for (PodContainer container : pod.allContainers()) {
        container.volumeMounts().forEach(mount -> used.mounted.add(mount.string("name")));
        container
            .spec()
            .structs("volumeDevices")
            .forEach(device -> used.devices.add(device.string("name")));
      }
      return used;
    }
  }

  private Path prepare(Struct volume, DownwardFields fields, Used used)
      throws VolumeFailure, InterruptedException {
    String name = volume.string("name");
    try {
      VolumeRequest request = request(volume, fields, used);
      name = request.name();
      return prepare(request);
    } catch (VolumeFailure e) {
      throw e.of(name);
    } catch (IOException e) {
      Interrupts.check();
      throw new VolumeFailure(String.valueOf(e.getMessage())).of(name);
    }
  }

  /// How long it took is counted when it is made, not when it is only looked at again.
  private Path prepare(VolumeRequest request)
      throws VolumeFailure, IOException, InterruptedException {
    VolumePlugin plugin = plugin(request);
    String kind = plugin.name(request.source());
    String uid = request.pod().uid();
    String volume = request.volume().string("name");
    metrics.wants(uid, volume, kind);
    VolumeMetrics.Operation operation =
        metrics.begin(kind, request.block() ? "map_volume" : "volume_mount");
    try {
      Path place = plugin.prepare(request);
      if (metrics.has(uid, volume, kind)) {
        operation.ended(true);
      }
      return place;
    } catch (VolumeFailure e) {
      if (!e.waits()) {
        operation.ended(false);
      }
      throw e;
    } catch (IOException e) {
      operation.ended(false);
      throw e;
    }
  }

  private VolumeRequest request(Struct volume, DownwardFields fields, Used used)
      throws VolumeFailure {
    if (!Claims.isClaim(volume)) {
      return new VolumeRequest(fields, volume, null);
    }
    VolumeRequest.Claimed claimed = claims.of(fields.pod(), volume);
    String name = volume.string("name");
    if (claimed.block() ? used.mounted.contains(name) : used.devices.contains(name)) {
      throw VolumeFailure.unprocessed(
          name,
          "volume %s has volumeMode %s, but is specified in %s"
              .formatted(
                  name,
                  claimed.block() ? "Block" : "Filesystem",
                  claimed.block() ? "volumeMounts" : "volumeDevices"));
    }
    return new VolumeRequest(fields, volume, claimed);
  }

  private VolumePlugin plugin(VolumeRequest request) throws VolumeFailure {
    for (VolumePlugin plugin : plugins) {
      if (plugin.handles(request.source())) {
        return plugin;
      }
    }
    throw new VolumeFailure("no volume plugin matched");
  }

  /// Removes the volumes of a Pod, with all that was written into those that are its own.
  ///
  /// @throws IOException if something is still there; then nothing was removed that is mounted
  public void remove(String uid) throws IOException, InterruptedException {
    List<VolumeMetrics.Operation> operations = new ArrayList<>();
    metrics
        .of(uid)
        .forEach(
            (plugin, count) -> {
              for (int i = 0; i < count; i++) {
                operations.add(metrics.begin(plugin, "volume_unmount"));
              }
            });
    boolean removed = false;
    try {
      removeAll(uid);
      removed = true;
      metrics.gone(uid);
    } finally {
      boolean well = removed;
      operations.forEach(operation -> operation.ended(well));
    }
  }

  private void removeAll(String uid) throws IOException, InterruptedException {
    tokens.forget(uid);
    mounts.unmount(directories.subPaths(uid)); // They keep what they are part of in use.
    IOException failure = null;
    for (VolumePlugin plugin : plugins) {
      try {
        plugin.release(uid);
      } catch (IOException e) {
        Interrupts.check();
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    Path pod = directories.pod(uid);
    mounts.unmount(pod);
    PodDirectories.removeTree(pod.resolve("volumes"));
    PodDirectories.removeTree(pod.resolve("volumeDevices"));
    PodDirectories.removeTree(directories.subPaths(uid));
    PodDirectories.removeTree(directories.memory().resolve(uid));
  }
}
