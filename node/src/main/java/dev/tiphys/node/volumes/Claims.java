package dev.tiphys.node.volumes;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.placement.NodeTerm;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import java.util.function.Supplier;

/// Finds the PersistentVolumes behind the claims of Pods.
///
/// Threads: any.
public final class Claims {
  private final Api api;
  private final String node;
  private final Supplier<Struct> labels;

  /// @param node the name of the node that the Pods are on
  /// @param labels the node's, as they are now
  public Claims(Api api, String node, Supplier<Struct> labels) {
    this.api = api;
    this.node = node;
    this.labels = labels;
  }

  static boolean isClaim(Struct volume) {
    return volume.has("persistentVolumeClaim") || volume.has("ephemeral");
  }

  /// @throws VolumeFailure if the claim is not there, not bound, or not for this Pod, or if the
  ///   volume is not for this node
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
      VolumeRequest.Claimed claimed = new VolumeRequest.Claimed(claim, persistent(claim));
      checkNode(claimed);
      return claimed;
    } catch (Unusable e) {
      throw VolumeFailure.unprocessed(
          name,
          "error processing PVC %s/%s: %s".formatted(pod.namespace(), claimName, e.getMessage()));
    }
  }

  /// A volume that the node cannot reach is not tried: the scheduler may not have been asked.
  private void checkNode(VolumeRequest.Claimed claimed) throws VolumeFailure {
    Struct affinity = claimed.spec().struct("nodeAffinity");
    if (!affinity.has("required")) {
      return;
    }
    Struct known = labels.get();
    boolean reaches =
        affinity.structs("required", "nodeSelectorTerms").stream()
            .anyMatch(term -> NodeTerm.of(term).matches(node, known));
    if (!reaches) {
      throw VolumeFailure.at(
          claimed.block() ? "MapVolume.NodeAffinity check" : "MountVolume.NodeAffinity check",
          Meta.of(claimed.volume()).name(),
          "no matching NodeSelectorTerms");
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
