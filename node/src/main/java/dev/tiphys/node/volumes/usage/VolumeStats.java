package dev.tiphys.node.volumes.usage;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How full a volume of a Pod is.
///
/// @param uid the Pod's
/// @param volume its name in the Pod
/// @param claim the claim's name; empty if the volume lives with the Pod
public record VolumeStats(
    String uid, String namespace, String volume, String claim, VolumeUsage usage) {

  /// The volumes of a node's Pods that can be measured.
  public static List<VolumeStats> look(Api api, List<Struct> pods, VolumeUsages usages)
      throws IOException, InterruptedException {
    List<VolumeStats> all = new ArrayList<>();
    for (Struct pod : pods) {
      Meta meta = Meta.of(pod);
      for (Struct volume : pod.structs("spec", "volumes")) {
        String claim = claim(meta.name(), volume);
        VolumeUsage usage =
            claim.isEmpty()
                ? usages.ofPod(meta.uid(), volume)
                : usages.ofClaim(meta.uid(), bound(api, meta.namespace(), claim));
        if (usage != null) {
          String name = volume.string("name");
          all.add(new VolumeStats(meta.uid(), meta.namespace(), name, claim, usage));
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

  private static String bound(Api api, String namespace, String name) {
    Struct claim = api.find(ApiResource.PERSISTENT_VOLUME_CLAIMS, namespace, name);
    return claim == null ? "" : claim.string("spec", "volumeName");
  }

  /// As an entry of upstream's `Summary`.
  public Struct toStruct(Instant at) {
    StructBuilder stats = StructBuilder.from(usage.toStruct(at));
    stats.add("name", volume);
    if (!claim.isEmpty()) {
      stats.add("pvcRef", Struct.of("name", claim, "namespace", namespace));
    }
    VolumeUsage.@Nullable Health health = usage.health();
    if (health != null) {
      stats.add("volumeHealthStats", Struct.of("abnormal", health.abnormal()));
    }
    return stats.build();
  }
}
