package dev.tiphys.scheduler.volumes;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.schema.GroupVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The claims, volumes and storage classes that there are, and the volumes that are promised to
/// claims but not bound yet.
///
/// Threads: the scheduling task.
public final class Volumes {

  static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
  private static final String BOUND = "pv.kubernetes.io/bind-completed";

  private static final ApiResource STORAGE_CLASSES =
      new ApiResource(
          GroupVersion.parse("storage.k8s.io/v1"), "storageclasses", "StorageClass", false);

  private final Informer claims;
  private final Informer volumes;
  private final ObjectIndex volumesByClass;
  private final Informer classes;

  /// Names of volumes, and the claims they are promised to.
  private final Map<String, ObjectKey> promised = new HashMap<>();

  /// @param onChange called on the informers' tasks whenever something changes
  public Volumes(Informers informers, Runnable onChange) {
    Informer.Listener listener = Informer.Listener.ofAll(_ -> onChange.run());
    this.claims = informers.of(ApiResource.PERSISTENT_VOLUME_CLAIMS).listen(listener);
    this.volumes = informers.of(ApiResource.PERSISTENT_VOLUMES).listen(listener);
    this.classes = informers.of(STORAGE_CLASSES).listen(listener);
    this.volumesByClass =
        volumes.index(volume -> List.of(volume.string("spec", "storageClassName")));
  }

  @Nullable Struct claim(ObjectKey key) {
    return claims.find(key);
  }

  @Nullable Struct volume(String name) {
    return volumes.find("", name);
  }

  /// The claims of a Pod that exist.
  List<Struct> claims(PodTemplate pod) {
    List<Struct> found = new ArrayList<>();
    for (PodTemplate.Claim each : pod.claims()) {
      Struct claim = claims.find(pod.namespace(), each.name());
      if (claim != null) {
        found.add(claim);
      }
    }
    return found;
  }

  /// Whether a claim has its volume.
  static boolean isBound(Struct claim) {
    return !claim.string("spec", "volumeName").isEmpty()
        && (Meta.of(claim).annotations().has(BOUND)
            || claim.string("status", "phase").equals("Bound"));
  }

  /// Whether a claim gets its volume only once a Pod that uses it has a node.
  boolean waitsForPod(Struct claim) {
    return storageClass(claim).string("volumeBindingMode").equals("WaitForFirstConsumer");
  }

  Struct storageClass(Struct claim) {
    Struct found = classes.find("", claim.string("spec", "storageClassName"));
    return found == null ? Struct.EMPTY : found;
  }

  /// The volumes that a claim could be bound to, the smallest first.
  List<Struct> candidates(Struct claim) {
    return volumesByClass.with(claim.string("spec", "storageClassName")).stream()
        .filter(volume -> isFree(volume, claim) && Matching.suits(volume, claim))
        .sorted(Matching.SMALLEST_FIRST)
        .toList();
  }

  private boolean isFree(Struct volume, Struct claim) {
    ObjectKey own = ObjectKey.of(claim);
    ObjectKey promisedTo = promised.getOrDefault(Meta.of(volume).name(), own);
    Struct owner = volume.struct("spec", "claimRef");
    boolean ours =
        owner.isEmpty()
            || (owner.string("namespace").equals(own.namespace())
                && owner.string("name").equals(own.name()));
    return ours && promisedTo.equals(own) && !Meta.of(volume).isBeingDeleted();
  }

  void promise(String volume, ObjectKey claim) {
    promised.put(volume, claim);
  }

  void takeBack(String volume) {
    promised.remove(volume);
  }
}
