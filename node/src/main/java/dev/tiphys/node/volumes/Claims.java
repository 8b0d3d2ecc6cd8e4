package dev.tiphys.node.volumes;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;

/// Finds the PersistentVolumes behind the claims of Pods.
///
/// Threads: any.
final class Claims {
  private final Api api;

  Claims(Api api) {
    this.api = api;
  }

  static boolean isClaim(Struct volume) {
    return volume.has("persistentVolumeClaim") || volume.has("ephemeral");
  }

  /// @throws VolumeFailure if the claim is not there, not bound, or not for this Pod
  VolumeRequest.Claimed of(Pod pod, Struct volume) throws VolumeFailure {
    String name = volume.string("name");
    boolean ephemeral = !volume.has("persistentVolumeClaim");
    String claimName =
        ephemeral ? pod.name() + "-" + name : volume.string("persistentVolumeClaim", "claimName");
    try {
      Struct claim = claim(pod, claimName);
      if (ephemeral && !isOwned(claim, pod)) {
        throw VolumeFailure.unprocessed(
            name,
            "PVC %s/%s was not created for pod %s/%s (pod is not owner)"
                .formatted(pod.namespace(), claimName, pod.namespace(), pod.name()));
      }
      Struct persistent = persistent(claim);
      return new VolumeRequest.Claimed(claim, persistent);
    } catch (Unusable e) {
      throw VolumeFailure.unprocessed(
          name,
          "error processing PVC %s/%s: %s".formatted(pod.namespace(), claimName, e.getMessage()));
    }
  }

  /// Why a claim leads to no volume.
  private static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  private Struct claim(Pod pod, String name) throws Unusable {
    Struct claim;
    try {
      claim = api.get(ApiResource.PERSISTENT_VOLUME_CLAIMS, pod.namespace(), name);
    } catch (ApiException e) {
      throw new Unusable("failed to fetch PVC from API server: " + e.message());
    }
    // What runs already goes on: only a start is refused.
    if (Meta.of(claim).isBeingDeleted() && !pod.phase().equals("Running")) {
      throw new Unusable("PVC is being deleted");
    }
    if (!claim.string("status", "phase").equals("Bound")) {
      throw new Unusable("PVC is not bound");
    }
    if (claim.string("spec", "volumeName").isEmpty()) {
      throw new Unusable("PVC has empty pvc.Spec.VolumeName");
    }
    return claim;
  }

  private Struct persistent(Struct claim) throws Unusable {
    String name = claim.string("spec", "volumeName");
    Struct volume;
    try {
      volume = api.get(ApiResource.PERSISTENT_VOLUMES, "", name);
    } catch (ApiException e) {
      throw new Unusable("failed to fetch PV %s from API server: %s".formatted(name, e.message()));
    }
    if (!volume.has("spec", "claimRef")) {
      throw new Unusable(
          ("found PV object %s but it has a nil pv.Spec.ClaimRef indicating it is not yet bound to"
                  + " the claim")
              .formatted(name));
    }
    String bound = volume.string("spec", "claimRef", "uid");
    String uid = Meta.of(claim).uid();
    if (!bound.equals(uid)) {
      throw new Unusable(
          "found PV object %s but its pv.Spec.ClaimRef.UID %s does not point to claim.UID %s"
              .formatted(name, bound, uid));
    }
    return volume;
  }

  private static boolean isOwned(Struct claim, Pod pod) {
    return claim.structs("metadata", "ownerReferences").stream()
        .anyMatch(owner -> owner.bool("controller") && owner.string("uid").equals(pod.uid()));
  }
}
