package dev.tiphys.scheduler.cluster;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// A claim to a volume that a Pod uses.
///
/// @param ephemeral whether it is made for this Pod, and goes with it
public record PodClaim(String name, boolean ephemeral) {

  static List<PodClaim> of(Struct pod) {
    List<Struct> volumes = pod.structs("spec", "volumes");
    if (volumes.isEmpty()) {
      return List.of();
    }
    List<PodClaim> claims = new ArrayList<>();
    for (Struct volume : volumes) {
      if (volume.has("persistentVolumeClaim")) {
        claims.add(new PodClaim(volume.string("persistentVolumeClaim", "claimName"), false));
      } else if (volume.has("ephemeral")) {
        claims.add(
            new PodClaim(pod.string("metadata", "name") + "-" + volume.string("name"), true));
      }
    }
    return List.copyOf(claims);
  }
}
