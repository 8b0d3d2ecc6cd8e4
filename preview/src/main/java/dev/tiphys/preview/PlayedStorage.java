package dev.tiphys.preview;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;

/// Plays what makes and deletes volumes: programs of the cluster's own or of others, which a fork
/// does not run. A volume is made at once, as large as it was asked for, and deleted when its claim
/// is gone if that is its policy.
///
/// Threads: any.
final class PlayedStorage implements AutoCloseable {

  private static final ApiResource CLASSES =
      new ApiResource(
          GroupVersion.parse("storage.k8s.io/v1"), "storageclasses", "StorageClass", false);

  private static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";
  private static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

  private final Api api;
  private final Informers informers;
  private final Informer claims;
  private final Informer volumes;
  private final Informer classes;
  private final Controller making;
  private final Controller deleting;

  PlayedStorage(World world, Api api) {
    this.api = api;
    this.informers = new Informers(world, api);
    this.claims = informers.of(ApiResource.PERSISTENT_VOLUME_CLAIMS);
    this.volumes = informers.of(ApiResource.PERSISTENT_VOLUMES);
    this.classes = informers.of(CLASSES);
    this.making = new Controller("provisioner", world, 1, this::make);
    this.deleting = new Controller("deleter", world, 1, this::delete);
    claims.listen(Informer.Listener.ofAll(making::enqueue));
    volumes.listen(Informer.Listener.ofAll(deleting::enqueue));
  }

  void start() {
    informers.start();
    making.start();
    deleting.start();
  }

  private Outcome make(ObjectKey key) {
    Struct claim = claims.find(key);
    String provisioner = claim == null ? "" : Meta.of(claim).annotation(PROVISIONER);
    if (claim == null
        || provisioner.isEmpty()
        || !claim.string("spec", "volumeName").isEmpty()
        || Meta.of(claim).isBeingDeleted()) {
      return Outcome.DONE;
    }
    String name = "pvc-" + Meta.of(claim).uid();
    if (api.find(ApiResource.PERSISTENT_VOLUMES, "", name) == null) {
      api.create(ApiResource.PERSISTENT_VOLUMES, volume(name, claim, provisioner));
    }
    return Outcome.DONE;
  }

  private Struct volume(String name, Struct claim, String provisioner) {
    String type = VolumeMatching.storageClass(claim);
    Struct found = classes.find("", type);
    String policy = found == null ? "" : found.string("reclaimPolicy");
    Struct spec =
        new StructBuilder()
            .add("capacity", claim.struct("spec", "resources", "requests"))
            .add("accessModes", claim.list("spec", "accessModes"))
            .add("volumeMode", VolumeMatching.mode(claim))
            .add("storageClassName", type)
            .add("persistentVolumeReclaimPolicy", policy.isEmpty() ? "Delete" : policy)
            .addUnlessEmpty(
                "volumeAttributesClassName", claim.string("spec", "volumeAttributesClassName"))
            .add("claimRef", Meta.of(claim).reference())
            .add("csi", Struct.of("driver", provisioner, "volumeHandle", name))
            .build();
    Struct volume = Struct.of("metadata", Struct.of("name", name), "spec", spec);
    return Meta.withAnnotation(volume, PROVISIONED_BY, provisioner);
  }

  private Outcome delete(ObjectKey key) {
    Struct volume = volumes.find(key);
    if (volume != null
        && volume.string("status", "phase").equals("Released")
        && volume.string("spec", "persistentVolumeReclaimPolicy").equals("Delete")
        && Meta.of(volume).annotations().has(PROVISIONED_BY)) {
      api.delete(ApiResource.PERSISTENT_VOLUMES, "", key.name(), DeleteOptions.DEFAULT);
      if (!Meta.of(volume).finalizers().isEmpty()) {
        Struct gone = api.find(ApiResource.PERSISTENT_VOLUMES, "", key.name());
        if (gone != null) {
          api.update(ApiResource.PERSISTENT_VOLUMES, gone.withoutAt("metadata", "finalizers"));
        }
      }
    }
    return Outcome.DONE;
  }

  @Override
  public void close() {
    making.close();
    deleting.close();
    informers.close();
  }
}
