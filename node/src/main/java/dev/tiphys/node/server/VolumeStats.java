package dev.tiphys.node.server;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.node.host.HostProgram;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How full the file system of a claim's volume is.
///
/// @param uid the Pod's that has the volume
/// @param volume its name in the Pod
/// @param claim the claim's name
record VolumeStats(
    String uid,
    String namespace,
    String volume,
    String claim,
    long capacity,
    long free,
    long available,
    long inodes,
    long inodesFree) {

  long used() {
    return capacity - free;
  }

  /// The volumes of drivers that Pods of a node have mounted.
  ///
  /// @param pods the node's Pods
  static List<VolumeStats> look(Api api, List<Struct> pods, PodDirectories directories)
      throws IOException, InterruptedException {
    List<VolumeStats> all = new ArrayList<>();
    for (Struct pod : pods) {
      for (Struct volume : pod.structs("spec", "volumes")) {
        String claim = claim(Meta.of(pod).name(), volume);
        VolumeStats stats = claim.isEmpty() ? null : look(api, pod, volume, claim, directories);
        if (stats != null) {
          all.add(stats);
        }
      }
    }
    return all;
  }

  private static String claim(String pod, Struct volume) {
    return volume.has("ephemeral")
        ? pod + "-" + volume.string("name")
        : volume.string("persistentVolumeClaim", "claimName");
  }

  private static @Nullable VolumeStats look(
      Api api, Struct pod, Struct volume, String claim, PodDirectories directories)
      throws IOException, InterruptedException {
    Meta meta = Meta.of(pod);
    Struct bound = api.find(ApiResource.PERSISTENT_VOLUME_CLAIMS, meta.namespace(), claim);
    String name = bound == null ? "" : bound.string("spec", "volumeName");
    Path mount = directories.volume(meta.uid(), "kubernetes.io~csi", name).resolve("mount");
    HostProgram stat = HostProgram.find("stat");
    if (name.isEmpty() || stat == null || !Files.isDirectory(mount)) {
      return null;
    }
    HostProgram.Result result = stat.run("-f", "-c", "%S %b %f %a %c %d", mount.toString());
    String[] words = result.output().strip().split(" ");
    if (!result.succeeded() || words.length != 6) {
      return null; // It is being unmounted.
    }
    long block = Long.parseLong(words[0]);
    return new VolumeStats(
        meta.uid(),
        meta.namespace(),
        volume.string("name"),
        claim,
        block * Long.parseLong(words[1]),
        block * Long.parseLong(words[2]),
        block * Long.parseLong(words[3]),
        Long.parseLong(words[4]),
        Long.parseLong(words[5]));
  }

  /// As an entry of upstream's `Summary`.
  Struct toStruct(Instant at) {
    return new StructBuilder()
        .add("time", Timestamps.seconds(at))
        .add("availableBytes", available)
        .add("capacityBytes", capacity)
        .add("usedBytes", used())
        .add("inodesFree", inodesFree)
        .add("inodes", inodes)
        .add("inodesUsed", inodes - inodesFree)
        .add("name", volume)
        .add("pvcRef", Struct.of("name", claim, "namespace", namespace))
        .build();
  }
}
