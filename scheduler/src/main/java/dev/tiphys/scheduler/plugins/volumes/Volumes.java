package dev.tiphys.scheduler.plugins.volumes;

import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.scheduler.cluster.NodeFacts;
import dev.tiphys.scheduler.cluster.PodClaim;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Resource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The claims, volumes and storage classes that there are, and the volumes that are promised to
/// claims but not bound yet.
///
/// Threads: the scheduling task; what only reads objects, any.
public final class Volumes {

  static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
  private static final String BOUND = "pv.kubernetes.io/bind-completed";

  private final Informer claims;
  private final Informer volumes;
  private final ObjectIndex volumesByClass;
  private final Informer classes;
  private final Informer drivers;
  private final ObjectIndex capacities;

  /// Names of volumes, and the claims they are promised to.
  private final Map<String, ObjectKey> promised = new HashMap<>();

  public Volumes(Informers informers) {
    this.claims = informers.of(Resource.PERSISTENT_VOLUME_CLAIM.kind());
    this.volumes = informers.of(Resource.PERSISTENT_VOLUME.kind());
    this.classes = informers.of(Resource.STORAGE_CLASS.kind());
    this.drivers = informers.of(Resource.CSI_DRIVER.kind());
    this.volumesByClass = volumes.index(volume -> List.of(VolumeMatching.storageClass(volume)));
    this.capacities =
        informers
            .of(Resource.CSI_STORAGE_CAPACITY.kind())
            .index(capacity -> List.of(capacity.string("storageClassName")));
  }

  /// Has something done whenever claims or volumes change, on the informers' tasks.
  void onChange(Runnable action) {
    Informer.Listener listener = Informer.Listener.ofAll(_ -> action.run());
    claims.listen(listener);
    volumes.listen(listener);
  }

  @Nullable Struct claim(ObjectKey key) {
    return claims.find(key);
  }

  @Nullable Struct volume(String name) {
    return volumes.find("", name);
  }

  /// The claims of a Pod that exist.
  List<Struct> claims(PodInfo pod) {
    List<Struct> found = new ArrayList<>();
    for (PodClaim each : pod.claims()) {
      Struct claim = claims.find(pod.key().namespace(), each.name());
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

  /// Whether a claim gets its volume only once a Pod that uses it has a node. One that names its
  /// volume does not wait.
  boolean waitsForPod(Struct claim) {
    return claim.string("spec", "volumeName").isEmpty()
        && storageClass(claim).string("volumeBindingMode").equals("WaitForFirstConsumer");
  }

  Struct storageClass(Struct claim) {
    Struct found = classes.find("", VolumeMatching.storageClass(claim));
    return found == null ? Struct.EMPTY : found;
  }

  /// The volumes that a claim could be bound to: those that are kept for it, then the others, the
  /// smallest first.
  List<Struct> candidates(Struct claim) {
    return volumesByClass.with(VolumeMatching.storageClass(claim)).stream()
        .filter(volume -> !Meta.of(volume).isBeingDeleted() && !isPromised(volume, claim))
        .filter(
            volume ->
                isKeptFor(volume, claim)
                    ? VolumeMatching.isLargeEnough(volume, claim)
                        && VolumeMatching.mode(volume).equals(VolumeMatching.mode(claim))
                    : isFree(volume) && VolumeMatching.suits(volume, claim))
        .sorted(
            Comparator.comparing((Struct volume) -> !isKeptFor(volume, claim))
                .thenComparing(VolumeMatching.SMALLEST_FIRST))
        .toList();
  }

  private boolean isPromised(Struct volume, Struct claim) {
    ObjectKey promisedTo = promised.get(Meta.of(volume).name());
    return promisedTo != null && !promisedTo.equals(ObjectKey.of(claim));
  }

  private static boolean isFree(Struct volume) {
    return !volume.has("spec", "claimRef") && volume.string("status", "phase").equals("Available");
  }

  /// Whether a volume is a claim's own. One that was another claim's of the same name is not: it
  /// has that one's data.
  private static boolean isKeptFor(Struct volume, Struct claim) {
    Struct owner = volume.struct("spec", "claimRef");
    Meta meta = Meta.of(claim);
    return owner.string("name").equals(meta.name())
        && owner.string("namespace").equals(meta.namespace())
        && (owner.string("uid").isEmpty() || owner.string("uid").equals(meta.uid()));
  }

  /// Whether there is enough storage near a node for a volume that is to be made. Drivers that do
  /// not tell how much there is have enough.
  boolean hasCapacity(Struct claim, NodeFacts node) {
    Struct storageClass = storageClass(claim);
    Struct driver = drivers.find("", storageClass.string("provisioner"));
    if (driver == null || !driver.bool("spec", "storageCapacity")) {
      return true;
    }
    Quantity wanted =
        VolumeMatching.quantity(claim.get("spec", "resources", "requests", "storage"));
    return capacities.with(Meta.of(storageClass).name()).stream()
        .anyMatch(capacity -> holds(capacity, wanted) && isNear(capacity, node));
  }

  private static boolean holds(Struct capacity, Quantity wanted) {
    String limit = capacity.has("maximumVolumeSize") ? "maximumVolumeSize" : "capacity";
    return capacity.has(limit)
        && VolumeMatching.quantity(capacity.get(limit)).compareTo(wanted) >= 0;
  }

  private static boolean isNear(Struct capacity, NodeFacts node) {
    return capacity.has("nodeTopology")
        && LabelSelector.from(capacity.struct("nodeTopology")).matches(node.labels());
  }

  void promise(String volume, ObjectKey claim) {
    promised.put(volume, claim);
  }

  void takeBack(String volume) {
    promised.remove(volume);
  }
}
