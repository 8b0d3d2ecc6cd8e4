package dev.tiphys.junit;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// Plays the programs of a CSI driver whose disks any node can have, one at a time: makes disks for
/// claims, attaches them, and deletes them when their volumes are given back.
final class NetworkDisks implements AutoCloseable {

  static final String DRIVER = "disks.example.com";
  static final ApiResource CLASSES = storage("storageclasses", "StorageClass");
  static final ApiResource NODES_OF_DRIVERS = storage("csinodes", "CSINode");
  static final ApiResource ATTACHMENTS = storage("volumeattachments", "VolumeAttachment");

  private static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";
  private static final String FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";

  private final Api api;
  private final List<Informer> informers;
  private final List<Controller> controllers;

  /// The disks that there are, and the claims that they were made for.
  private final Map<String, String> disks = new ConcurrentHashMap<>();

  private final Map<String, Set<String>> attached = new ConcurrentHashMap<>();

  NetworkDisks(VirtualCluster cluster) {
    this.api = cluster.api();
    Informer claims = new Informer(cluster.world(), api, ApiResource.PERSISTENT_VOLUME_CLAIMS);
    Informer volumes = new Informer(cluster.world(), api, ApiResource.PERSISTENT_VOLUMES);
    Informer attachments = new Informer(cluster.world(), api, ATTACHMENTS);
    Controller provisioner =
        new Controller("provisioner", cluster.world(), 2, key -> provision(claims, key));
    Controller deleter = new Controller("deleter", cluster.world(), 2, key -> delete(volumes, key));
    Controller attacher =
        new Controller("attacher", cluster.world(), 2, key -> attach(attachments, key));
    claims.listen(Informer.Listener.ofAll(provisioner::enqueue));
    volumes.listen(Informer.Listener.ofAll(deleter::enqueue));
    attachments.listen(Informer.Listener.ofAll(attacher::enqueue));
    this.informers = List.of(claims, volumes, attachments);
    this.controllers = List.of(provisioner, deleter, attacher);
    informers.forEach(Informer::start);
    controllers.forEach(Controller::start);
  }

  private static ApiResource storage(String plural, String kind) {
    return new ApiResource(GroupVersion.parse("storage.k8s.io/v1"), plural, kind, false);
  }

  /// The disks that there are, by the claims that they were made for.
  Map<String, String> byClaim() {
    Map<String, String> byClaim = new TreeMap<>();
    disks.forEach((disk, claim) -> byClaim.put(claim, disk));
    return byClaim;
  }

  /// The nodes that have a disk.
  Set<String> nodesOf(String disk) {
    return new TreeSet<>(attached.getOrDefault(disk, Set.of()));
  }

  private Outcome provision(Informer claims, ObjectKey key) {
    Struct claim = claims.find(key);
    if (claim == null
        || !Meta.of(claim).annotation(PROVISIONER).equals(DRIVER)
        || !claim.string("spec", "volumeName").isEmpty()) {
      return Outcome.DONE;
    }
    Meta meta = Meta.of(claim);
    String name = "pvc-" + meta.uid();
    if (api.find(ApiResource.PERSISTENT_VOLUMES, "", name) == null) {
      disks.put(name, meta.name());
      Struct reference =
          new StructBuilder()
              .add("kind", "PersistentVolumeClaim")
              .add("namespace", meta.namespace())
              .add("name", meta.name())
              .add("uid", meta.uid())
              .build();
      Struct volume =
          Yaml.struct(
              """
              metadata:
                name: NAME
                annotations: {pv.kubernetes.io/provisioned-by: disks.example.com}
                finalizers: [external-provisioner.volume.kubernetes.io/finalizer]
              spec:
                capacity: {storage: 1Gi}
                accessModes: [ReadWriteOnce]
                persistentVolumeReclaimPolicy: Delete
                storageClassName: disks
                csi: {driver: disks.example.com, volumeHandle: NAME}
              """
                  .replace("NAME", name));
      api.create(ApiResource.PERSISTENT_VOLUMES, volume.withAt(reference, "spec", "claimRef"));
    }
    return Outcome.DONE;
  }

  private Outcome delete(Informer volumes, ObjectKey key) {
    Struct volume = volumes.find(key);
    if (volume == null || !volume.string("status", "phase").equals("Released")) {
      return Outcome.DONE;
    }
    if (!nodesOf(key.name()).isEmpty()) {
      return Outcome.RETRY; // a disk that is attached can't be deleted
    }
    disks.remove(key.name());
    if (!Meta.of(volume).isBeingDeleted()) {
      api.delete(ApiResource.PERSISTENT_VOLUMES, "", key.name(), DeleteOptions.DEFAULT);
      return Outcome.DONE;
    }
    List<String> finalizers =
        Meta.of(volume).finalizers().stream().filter(each -> !each.equals(FINALIZER)).toList();
    api.update(ApiResource.PERSISTENT_VOLUMES, volume.withAt(finalizers, "metadata", "finalizers"));
    return Outcome.DONE;
  }

  private Outcome attach(Informer attachments, ObjectKey key) {
    Struct attachment = attachments.find(key);
    if (attachment == null) {
      return Outcome.DONE;
    }
    Set<String> nodes =
        attached.computeIfAbsent(
            attachment.string("spec", "source", "persistentVolumeName"),
            _ -> ConcurrentHashMap.newKeySet());
    String node = attachment.string("spec", "nodeName");
    if (Meta.of(attachment).isBeingDeleted()) {
      nodes.remove(node);
      api.update(ATTACHMENTS, attachment.withAt(List.of(), "metadata", "finalizers"));
    } else if (Meta.of(attachment).finalizers().isEmpty()) {
      List<String> held = List.of("external-attacher/disks-example-com");
      api.update(ATTACHMENTS, attachment.withAt(held, "metadata", "finalizers"));
    } else if (!attachment.bool("status", "attached")) {
      nodes.add(node);
      if (nodes.size() > 1) {
        throw new AssertionError("attached to two nodes: " + attachment);
      }
      api.update(ATTACHMENTS, attachment.with("status", Struct.of("attached", true)), "status");
    }
    return Outcome.DONE;
  }

  @Override
  public void close() {
    controllers.forEach(Controller::close);
    informers.forEach(Informer::close);
  }
}
