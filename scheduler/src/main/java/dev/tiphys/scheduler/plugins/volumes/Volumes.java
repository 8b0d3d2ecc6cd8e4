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
    this.volumesByClass =
        volumes.index(volume -> List.of(volume.string("spec", "storageClassName")));
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
        .filter(volume -> isFree(volume, claim) && VolumeMatching.suits(volume, claim))
        .sorted(VolumeMatching.SMALLEST_FIRST)
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
