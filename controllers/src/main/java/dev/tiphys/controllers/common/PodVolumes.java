package dev.tiphys.controllers.common;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.List;

/// Which claims for volumes Pods use.
public final class PodVolumes {

  private PodVolumes() {}

  /// The claim of one of a Pod's volumes; empty if the volume has none.
  public static String claimName(Struct pod, Struct volume) {
    return volume.has("ephemeral")
        ? Meta.of(pod).name() + "-" + volume.string("name")
        : volume.string("persistentVolumeClaim", "claimName");
  }

  /// The claims that a Pod uses.
  public static List<ObjectKey> claims(Struct pod) {
    String namespace = Meta.of(pod).namespace();
    return pod.structs("spec", "volumes").stream()
        .map(volume -> claimName(pod, volume))
        .filter(name -> !name.isEmpty())
        .map(name -> new ObjectKey(namespace, name))
        .toList();
  }

  /// The claims that a Pod uses, as values of an index.
  public static List<String> claimKeys(Struct pod) {
    return claims(pod).stream().map(ObjectKey::toString).toList();
  }
}
