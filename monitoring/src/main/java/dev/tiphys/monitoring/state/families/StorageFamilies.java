package dev.tiphys.monitoring.state.families;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import java.util.List;

/// What volumes, claims and what makes them say.
final class StorageFamilies {

  private static final ApiResource STORAGE_CLASSES =
      new ApiResource(
          GroupVersion.parse("storage.k8s.io/v1"), "storageclasses", "StorageClass", false);

  private static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";

  private StorageFamilies() {}

  static KindFamilies claims() {
    return KindFamilies.Builder.namespaced(
            "kube_persistentvolumeclaim",
            ApiResource.PERSISTENT_VOLUME_CLAIMS,
            "persistentvolumeclaim")
        .gauge("_info", "A claim, with its volume.", StorageFamilies::claim)
        .gauge(
            "_status_phase",
            "Its phase: 1, and 0 for others.",
            Rule.oneOf("phase", List.of("Lost", "Bound", "Pending"), "status", "phase"))
        .gauge(
            "_resource_requests_storage_bytes",
            "How large it is to be.",
            (claim, out) -> {
              Object wanted = claim.get("spec", "resources", "requests", "storage");
              if (wanted != null) {
                out.add(Rule.amount(wanted));
              }
            })
        .gauge(
            "_access_mode", "How it may be used.", Rule.each("access_mode", "spec", "accessModes"))
        .gauge("_status_condition", "How it does.", Rule.conditions())
        .created()
        .deleted()
        .build();
  }

  private static void claim(Struct claim, Samples out) {
    Struct annotations = Meta.of(claim).annotations();
    out.add(
        1,
        "storageclass",
        annotations.has(OLD_CLASS)
            ? annotations.string(OLD_CLASS)
            : claim.string("spec", "storageClassName"),
        "volumename",
        claim.string("spec", "volumeName"),
        "volumemode",
        claim.string("spec", "volumeMode"));
  }

  static KindFamilies volumes() {
    return new KindFamilies.Builder(
            "kube_persistentvolume",
            ApiResource.PERSISTENT_VOLUMES,
            "persistentvolume",
            "metadata.name")
        .gauge(
            "_claim_ref",
            "The claim that has it.",
            (volume, out) -> {
              if (volume.has("spec", "claimRef")) {
                Struct claim = volume.struct("spec", "claimRef");
                String namespace = claim.string("namespace");
                out.add(1, "name", claim.string("name"), "claim_namespace", namespace);
              }
            })
        .gauge(
            "_status_phase",
            "Its phase: 1, and 0 for others.",
            Rule.oneOf(
                "phase",
                List.of("Pending", "Available", "Bound", "Released", "Failed"),
                "status",
                "phase"))
        .gauge("_info", "A volume, with where its bytes are.", StorageFamilies::volume)
        .gauge(
            "_capacity_bytes",
            "How large it is.",
            (volume, out) -> {
              Object capacity = volume.get("spec", "capacity", "storage");
              out.add(capacity == null ? 0 : Rule.amount(capacity));
            })
        .created()
        .deleted()
        .gauge(
            "_volume_mode",
            "Whether it is a file system or a disk.",
            (volume, out) -> {
              String mode = volume.string("spec", "volumeMode");
              out.add(1, "volumemode", mode.isEmpty() ? "Filesystem" : mode);
            })
        .gauge(
            "_access_mode", "How it may be used.", Rule.each("access_mode", "spec", "accessModes"))
        .build();
  }

  private static void volume(Struct volume, Samples out) {
    Struct spec = volume.struct("spec");
    boolean iscsi = spec.has("iscsi");
    out.add(
        1,
        "storageclass",
        spec.string("storageClassName"),
        "gce_persistent_disk_name",
        spec.string("gcePersistentDisk", "pdName"),
        "ebs_volume_id",
        spec.string("awsElasticBlockStore", "volumeID"),
        "azure_disk_name",
        spec.string("azureDisk", "diskName"),
        "fc_wwids",
        String.join(",", spec.strings("fc", "wwids")),
        "fc_lun",
        spec.has("fc", "lun") ? Long.toString(spec.integer("fc", "lun")) : "",
        "fc_target_wwns",
        String.join(",", spec.strings("fc", "targetWWNs")),
        "iscsi_target_portal",
        spec.string("iscsi", "targetPortal"),
        "iscsi_iqn",
        spec.string("iscsi", "iqn"),
        "iscsi_lun",
        iscsi ? Long.toString(spec.integer("iscsi", "lun")) : "",
        "iscsi_initiator_name",
        spec.string("iscsi", "initiatorName"),
        "nfs_server",
        spec.string("nfs", "server"),
        "nfs_path",
        spec.string("nfs", "path"),
        "csi_driver",
        spec.string("csi", "driver"),
        "csi_volume_handle",
        spec.string("csi", "volumeHandle"),
        "local_path",
        spec.string("local", "path"),
        "local_fs",
        spec.string("local", "fsType"),
        "host_path",
        spec.string("hostPath", "path"),
        "host_path_type",
        spec.string("hostPath", "type"),
        "reclaim_policy",
        spec.string("persistentVolumeReclaimPolicy"));
  }

  static KindFamilies classes() {
    return new KindFamilies.Builder(
            "kube_storageclass", STORAGE_CLASSES, "storageclass", "metadata.name")
        .gauge("_info", "A class of volumes, with what makes them.", StorageFamilies::storageClass)
        .created()
        .build();
  }

  private static void storageClass(Struct object, Samples out) {
    String reclaim = object.string("reclaimPolicy");
    String binding = object.string("volumeBindingMode");
    out.add(
        1,
        "provisioner",
        object.string("provisioner"),
        "reclaim_policy",
        reclaim.isEmpty() ? "Delete" : reclaim,
        "volume_binding_mode",
        binding.isEmpty() ? "Immediate" : binding);
  }

  static KindFamilies attachments() {
    return new KindFamilies.Builder(
            "kube_volumeattachment",
            ApiResource.VOLUME_ATTACHMENTS,
            "volumeattachment",
            "metadata.name")
        .gauge(
            "_labels",
            "Its labels, as labels.",
            (object, out) -> out.add(1, PrometheusName.labels("label", Meta.of(object).labels())))
        .gauge(
            "_info",
            "A volume at a node.",
            Rule.info("attacher", "spec.attacher", "node", "spec.nodeName"))
        .created()
        .gauge(
            "_spec_source_persistentvolume",
            "Which volume it is.",
            (object, out) -> {
              String name = object.string("spec", "source", "persistentVolumeName");
              if (!name.isEmpty()) {
                out.add(1, "volumename", name);
              }
            })
        .gauge(
            "_status_attached", "1 if the node has it, or else 0.", Rule.flag("status", "attached"))
        .gauge(
            "_status_attachment_metadata",
            "What its driver says of it, as labels.",
            (object, out) -> {
              Struct metadata = object.struct("status", "attachmentMetadata");
              out.add(1, PrometheusName.labels("metadata", metadata));
            })
        .build();
  }
}
