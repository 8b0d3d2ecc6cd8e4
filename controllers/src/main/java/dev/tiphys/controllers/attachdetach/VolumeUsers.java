package dev.tiphys.controllers.attachdetach;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.PodVolumes;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Which Pods use which volume, and where.
///
/// Threads: any.
final class VolumeUsers {

  private static final String KEEPS_TERMINATED =
      "volumes.kubernetes.io/keep-terminated-pod-volumes";
  private static final List<String> STATUSES =
      List.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses");
  private static final Comparator<Struct> OLDEST_FIRST =
      Comparator.comparing((Struct pod) -> pod.string("metadata", "creationTimestamp"))
          .thenComparing(pod -> Meta.of(pod).name());

  private final Informer volumes;
  private final Informer claims;
  private final Informer nodes;
  private final ObjectIndex volumesByName;
  private final ObjectIndex podsByClaim;

  VolumeUsers(ClusterView cluster) {
    this.volumes = cluster.of(ApiResource.PERSISTENT_VOLUMES);
    this.claims = cluster.of(ApiResource.PERSISTENT_VOLUME_CLAIMS);
    this.nodes = cluster.of(ApiResource.NODES);
    this.volumesByName =
        volumes.index(
            volume ->
                AttachableVolume.of(volume).map(AttachableVolume::uniqueName).stream().toList());
    this.podsByClaim = cluster.of(ApiResource.PODS).index(PodVolumes::claimKeys);
  }

  /// The PersistentVolumes that are one volume to its driver, which should be one only.
  List<Struct> volumes(AttachableVolume volume) {
    return volumesByName.with(volume.uniqueName()).stream()
        .sorted(Comparator.comparing(each -> Meta.of(each).name()))
        .toList();
  }

  /// The volumes that a Pod uses.
  Stream<AttachableVolume> volumesOf(Struct pod) {
    return PodVolumes.claims(pod).stream().flatMap(this::volumesOf);
  }

  /// The volume that a claim is bound to, if it is.
  Stream<AttachableVolume> volumesOf(ObjectKey key) {
    Struct claim = claims.find(key);
    Struct volume = claim == null ? null : volumes.find("", claim.string("spec", "volumeName"));
    return volume == null ? Stream.empty() : AttachableVolume.of(volume).stream();
  }

  /// The Pods that use a PersistentVolume, by node, those first that came first.
  Map<String, List<Struct>> users(Struct volume) {
    Struct reference = volume.struct("spec", "claimRef");
    ObjectKey key = new ObjectKey(reference.string("namespace"), reference.string("name"));
    Struct claim = claims.find(key);
    Map<String, List<Struct>> byNode = new LinkedHashMap<>();
    if (claim != null && isBound(claim, volume)) {
      podsByClaim.with(key.toString()).stream()
          .filter(pod -> uses(pod, claim))
          .sorted(OLDEST_FIRST)
          .forEach(
              pod ->
                  byNode
                      .computeIfAbsent(pod.string("spec", "nodeName"), _ -> new ArrayList<>())
                      .add(pod));
    }
    return byNode;
  }

  private static boolean isBound(Struct claim, Struct volume) {
    return claim.string("status", "phase").equals("Bound")
        && claim.string("spec", "volumeName").equals(Meta.of(volume).name())
        && volume.string("spec", "claimRef", "uid").equals(Meta.of(claim).uid());
  }

  private boolean uses(Struct pod, Struct claim) {
    String name = Meta.of(claim).name();
    return !pod.string("spec", "nodeName").isEmpty()
        && (!hasStopped(pod) || keepsTerminated(pod.string("spec", "nodeName")))
        && pod.structs("spec", "volumes").stream()
            .filter(volume -> PodVolumes.claimName(pod, volume).equals(name))
            .anyMatch(
                volume ->
                    !volume.has("ephemeral") || Meta.of(claim).isControlledBy(Meta.of(pod).uid()));
  }

  /// Whether nothing of a Pod runs any more, or ever will.
  private static boolean hasStopped(Struct pod) {
    return Pods.isTerminal(pod)
        || (Meta.of(pod).isBeingDeleted()
            && STATUSES.stream()
                .flatMap(field -> pod.structs("status", field).stream())
                .map(status -> status.struct("state"))
                .allMatch(state -> state.has("terminated") || state.has("waiting")));
  }

  private boolean keepsTerminated(String name) {
    Struct node = nodes.find("", name);
    return node != null && Meta.of(node).annotation(KEEPS_TERMINATED).equals("true");
  }
}
