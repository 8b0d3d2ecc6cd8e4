package dev.tiphys.storage.provisioner;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.csi.Csi;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.storage.sidecar.SidecarSettings;
import dev.tiphys.storage.sidecar.StorageResources;

/// What a claim wants its volume to be a copy of.
///
/// Threads: any.
final class DataSource {

  private static final String SNAPSHOTS = "snapshot.storage.k8s.io";

  private final Api api;
  private final SidecarSettings settings;

  DataSource(Api api, SidecarSettings settings) {
    this.api = api;
    this.settings = settings;
  }

  /// What a claim names; empty if nothing.
  static Struct of(Struct claim) {
    Struct reference = claim.struct("spec", "dataSourceRef");
    return reference.isEmpty() ? claim.struct("spec", "dataSource") : reference;
  }

  /// Whether something else fills volumes with what a claim names.
  static boolean isOfOthers(Struct claim) {
    Struct source = of(claim);
    return !source.isEmpty() && !isClaim(source) && !isSnapshot(source);
  }

  private static boolean isClaim(Struct source) {
    return source.string("kind").equals("PersistentVolumeClaim")
        && source.string("apiGroup").isEmpty();
  }

  private static boolean isSnapshot(Struct source) {
    return source.string("kind").equals("VolumeSnapshot")
        && source.string("apiGroup").equals(SNAPSHOTS);
  }

  /// The source as the driver knows it.
  ///
  /// @throws ProvisioningException if it can't be copied, or not here
  Csi.VolumeContentSource resolve(Struct claim) throws ProvisioningException {
    Struct source = of(claim);
    String namespace = source.string("namespace");
    if (!namespace.isEmpty() && !namespace.equals(Meta.of(claim).namespace())) {
      throw ProvisioningException.of(
          "dataSourceRef namespace specified but the CrossNamespaceVolumeDataSource feature is"
              + " disabled");
    }
    try {
      return isClaim(source) ? volume(claim, source) : snapshot(claim, source);
    } catch (ProvisioningException e) {
      throw new ProvisioningException(
          "error getting handle for DataSource Type %s by Name %s: %s"
              .formatted(source.string("kind"), source.string("name"), e.getMessage()),
          e.isElsewhere(),
          e);
    }
  }

  private Csi.VolumeContentSource volume(Struct claim, Struct source) throws ProvisioningException {
    String name = source.string("name");
    String namespace = Meta.of(claim).namespace();
    Struct other =
        get(
            ApiResource.PERSISTENT_VOLUME_CLAIMS,
            namespace,
            name,
            "error getting PVC " + name + " (namespace \"" + namespace + "\") from api server");
    if (!other.string("status", "phase").equals("Bound")) {
      throw ProvisioningException.of(
          "the PVC DataSource %s must have a status of Bound.  Got %s",
          name, other.string("status", "phase"));
    }
    if (Meta.of(other).isBeingDeleted()) {
      throw ProvisioningException.of("the PVC DataSource %s is currently being deleted", name);
    }
    Quantity wanted = requested(claim);
    Quantity there = VolumeMatching.quantity(other.get("status", "capacity", "storage"));
    if (wanted.compareTo(there) < 0) {
      throw ProvisioningException.of(
          "error, new PVC request must be greater than or equal in size to the specified PVC data"
              + " source, requested %s but source is %s",
          wanted, there);
    }
    Struct volume =
        get(
            ApiResource.PERSISTENT_VOLUMES,
            "",
            other.string("spec", "volumeName"),
            "error getting PV");
    if (!volume.string("spec", "csi", "driver").equals(settings.driver())
        || !volume.string("spec", "claimRef", "uid").equals(Meta.of(other).uid())) {
      throw ProvisioningException.of("claim in dataSource not bound or invalid");
    }
    String mode = VolumeMatching.mode(other);
    if (!mode.equals(VolumeMatching.mode(claim))) {
      throw ProvisioningException.of(
          "the source PVC and destination PVCs must have the same volume mode for cloning.  Source"
              + " is %s, but new PVC requested %s",
          mode, VolumeMatching.mode(claim));
    }
    requireHere(settings.nodeOf(volume));
    return Csi.VolumeContentSource.newBuilder()
        .setVolume(
            Csi.VolumeContentSource.VolumeSource.newBuilder()
                .setVolumeId(volume.string("spec", "csi", "volumeHandle")))
        .build();
  }

  private Csi.VolumeContentSource snapshot(Struct claim, Struct source)
      throws ProvisioningException {
    String name = source.string("name");
    Struct snapshot =
        get(
            StorageResources.VOLUME_SNAPSHOTS,
            Meta.of(claim).namespace(),
            name,
            "error getting snapshot " + name + " from api server");
    if (Meta.of(snapshot).isBeingDeleted()) {
      throw ProvisioningException.of("snapshot %s is being deleted", name);
    }
    String bound = snapshot.string("status", "boundVolumeSnapshotContentName");
    if (bound.isEmpty()) {
      throw ProvisioningException.of("snapshot %s not bound", name);
    }
    Struct content =
        get(
            StorageResources.SNAPSHOT_CONTENTS,
            "",
            bound,
            "error getting snapshotcontent " + bound + " for snapshot " + name);
    if (!content.string("spec", "volumeSnapshotRef", "uid").equals(Meta.of(snapshot).uid())) {
      throw ProvisioningException.of(
          "snapshotcontent %s for snapshot %s is bound to a different snapshot", bound, name);
    }
    if (!content.string("spec", "driver").equals(settings.driver())) {
      throw ProvisioningException.of(
          "snapshotcontent %s for snapshot %s is not handled by CSI driver of StorageClass %s",
          bound, name, VolumeMatching.storageClass(claim));
    }
    if (!snapshot.bool("status", "readyToUse")) {
      throw ProvisioningException.of("snapshot %s is not Ready", name);
    }
    String handle = content.string("status", "snapshotHandle");
    if (handle.isEmpty()) {
      throw ProvisioningException.of("snapshot handle %s is not available", name);
    }
    Quantity least = VolumeMatching.quantity(snapshot.get("status", "restoreSize"));
    if (requested(claim).compareTo(least) < 0) {
      throw ProvisioningException.of(
          "requested volume size %d is less than the size %d for the source snapshot %s",
          requested(claim).units(), least.units(), name);
    }
    requireHere(Meta.of(content).label("snapshot.storage.kubernetes.io/managed-by"));
    return Csi.VolumeContentSource.newBuilder()
        .setSnapshot(Csi.VolumeContentSource.SnapshotSource.newBuilder().setSnapshotId(handle))
        .build();
  }

  /// Disks of nodes are copied on their nodes.
  private void requireHere(String node) throws ProvisioningException {
    if (!node.isEmpty() && !node.equals(settings.node())) {
      throw new ProvisioningException(
          "the data are on node %s, the volume was to be on node %s"
              .formatted(node, settings.node()),
          true,
          null);
    }
  }

  static Quantity requested(Struct claim) {
    return VolumeMatching.quantity(claim.get("spec", "resources", "requests", "storage"));
  }

  private Struct get(ApiResource resource, String namespace, String name, String trouble)
      throws ProvisioningException {
    try {
      return api.get(resource, namespace, name);
    } catch (ApiException e) {
      throw new ProvisioningException(trouble + ": " + e.message(), false, e);
    }
  }
}
