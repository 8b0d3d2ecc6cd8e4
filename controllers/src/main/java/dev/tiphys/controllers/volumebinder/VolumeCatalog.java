package dev.tiphys.controllers.volumebinder;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.PodVolumes;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The volumes, claims and classes that there are.
///
/// Threads: any.
final class VolumeCatalog {

  static final ApiResource CLASSES =
      new ApiResource(
          new GroupVersion("storage.k8s.io", "v1"), "storageclasses", "StorageClass", false);

  private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";
  private static final String DEFAULT_OF_OLD = "storageclass.beta.kubernetes.io/is-default-class";

  private static final Comparator<Struct> BEST_FIRST =
      Comparator.comparing((Struct volume) -> volume.strings("spec", "accessModes").size())
          .thenComparing(VolumeMatching.SMALLEST_FIRST)
          .thenComparing(volume -> Meta.of(volume).name());

  private final Api api;
  private final Informer claims;
  private final Informer volumes;
  private final Informer classes;
  private final Informer pods;
  private final ObjectIndex volumesByClass;
  private final ObjectIndex volumesByOwner;
  private final ObjectIndex podsByClaim;

  VolumeCatalog(Api api, ClusterView cluster) {
    this.api = api;
    this.claims = cluster.of(ApiResource.PERSISTENT_VOLUME_CLAIMS);
    this.volumes = cluster.of(ApiResource.PERSISTENT_VOLUMES);
    this.classes = cluster.of(CLASSES);
    this.pods = cluster.of(ApiResource.PODS);
    this.volumesByClass = volumes.index(volume -> List.of(VolumeMatching.storageClass(volume)));
    this.volumesByOwner = volumes.index(VolumeCatalog::owners);
    this.podsByClaim = pods.index(PodVolumes::claimKeys);
  }

  private static List<String> owners(Struct volume) {
    return volume.has("spec", "claimRef") ? List.of(ownerOf(volume).toString()) : List.of();
  }

  Informer claims() {
    return claims;
  }

  Informer volumes() {
    return volumes;
  }

  Informer classes() {
    return classes;
  }

  @Nullable Struct claim(ObjectKey key) {
    return claims.find(key);
  }

  @Nullable Struct volume(String name) {
    return volumes.find("", name);
  }

  /// The claim that a volume is kept for, asked of the server if it is not known: data is given up
  /// only if it is surely gone.
  @Nullable Struct owner(Struct volume) {
    Struct reference = volume.struct("spec", "claimRef");
    String namespace = reference.string("namespace");
    String name = reference.string("name");
    String uid = reference.string("uid");
    Struct known = claims.find(namespace, name);
    if (known == null || !Meta.of(known).uid().equals(uid)) {
      known = api.find(ApiResource.PERSISTENT_VOLUME_CLAIMS, namespace, name);
    }
    return known != null && Meta.of(known).uid().equals(uid) ? known : null;
  }

  /// The class of a claim; null if there is none of that name.
  @Nullable Struct classOf(Struct claim) {
    return classes.find("", VolumeMatching.storageClass(claim));
  }

  /// What makes volumes of the class of a volume; `N/A` if there is no such class.
  String provisionerOf(Struct volume) {
    Struct found = classes.find("", VolumeMatching.storageClass(volume));
    return found == null ? "N/A" : found.string("provisioner");
  }

  /// Whether a claim gets its volume only once a Pod that uses it has a node.
  boolean waitsForPod(Struct claim) {
    Struct found = classOf(claim);
    return found != null && found.string("volumeBindingMode").equals("WaitForFirstConsumer");
  }

  /// The class of claims that name none: the newest that says so.
  Optional<Struct> defaultClass() {
    return classes.list().stream()
        .filter(
            each ->
                Meta.of(each).annotation(DEFAULT).equals("true")
                    || Meta.of(each).annotation(DEFAULT_OF_OLD).equals("true"))
        .min(
            Comparator.comparing((Struct each) -> each.string("metadata", "creationTimestamp"))
                .reversed()
                .thenComparing(each -> Meta.of(each).name()));
  }

  /// The volume that a claim is best bound to: one that is kept for it, of whatever class, or else
  /// the smallest of those that suit it and can do the least beyond what it asks for.
  ///
  /// @param keptOnly whether only the former will do
  Optional<Struct> bestFor(Struct claim, boolean keptOnly) {
    Optional<Struct> kept =
        volumesByOwner.with(ObjectKey.of(claim).toString()).stream()
            .filter(volume -> Binding.isKeptFor(volume, claim))
            .filter(volume -> canBeUsed(volume, claim))
            .min(BEST_FIRST);
    if (kept.isPresent() || keptOnly) {
      return kept;
    }
    return volumesByClass.with(VolumeMatching.storageClass(claim)).stream()
        .filter(volume -> !volume.has("spec", "claimRef"))
        .filter(volume -> volume.string("status", "phase").equals("Available"))
        .filter(volume -> canBeUsed(volume, claim) && VolumeMatching.suits(volume, claim))
        .min(BEST_FIRST);
  }

  private static boolean canBeUsed(Struct volume, Struct claim) {
    return !Meta.of(volume).isBeingDeleted()
        && VolumeMatching.isLargeEnough(volume, claim)
        && VolumeMatching.mode(volume).equals(VolumeMatching.mode(claim))
        && volume.strings("spec", "accessModes").containsAll(claim.strings("spec", "accessModes"));
  }

  /// Whether there is a claim of the name that a volume was kept for.
  boolean claimIsThere(Struct volume) {
    return claims.find(ownerOf(volume)) != null;
  }

  /// The Pods that name the claim of a volume and have not ended, as `namespace/name`.
  List<String> users(Struct volume) {
    return podsByClaim.with(ownerOf(volume).toString()).stream()
        .filter(pod -> !Pods.isTerminal(pod))
        .map(pod -> ObjectKey.of(pod).toString())
        .sorted()
        .toList();
  }

  private static ObjectKey ownerOf(Struct volume) {
    Struct owner = volume.struct("spec", "claimRef");
    return new ObjectKey(owner.string("namespace"), owner.string("name"));
  }

  /// The Pods that use a claim and wait for a node.
  List<Struct> waitingPods(Struct claim) {
    return podsByClaim.with(ObjectKey.of(claim).toString()).stream()
        .filter(pod -> pod.string("spec", "nodeName").isEmpty())
        .filter(pod -> !Meta.of(pod).isBeingDeleted())
        .sorted(Comparator.comparing(pod -> Meta.of(pod).name()))
        .toList();
  }
}
