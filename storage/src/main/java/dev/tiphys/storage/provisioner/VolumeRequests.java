package dev.tiphys.storage.provisioner;

import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.csi.Csi;
import dev.tiphys.csi.Csi.VolumeCapability.AccessMode.Mode;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.storage.sidecar.SidecarSettings;
import java.util.List;

/// From a claim to what the driver is asked, and from its answer to a PersistentVolume.
final class VolumeRequests {

  /// On a volume: it is gone only once its storage is.
  static final String FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";

  static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

  private VolumeRequests() {}

  static String nameOf(Struct claim) {
    return "pvc-" + Meta.of(claim).uid();
  }

  static Csi.CreateVolumeRequest create(
      Struct claim, ClassParameters parameters, Struct type, SidecarSettings settings) {
    Csi.Topology here =
        Csi.Topology.newBuilder().putSegments(settings.topology(), settings.node()).build();
    return Csi.CreateVolumeRequest.newBuilder()
        .setName(nameOf(claim))
        .setCapacityRange(
            Csi.CapacityRange.newBuilder().setRequiredBytes(DataSource.requested(claim).units()))
        .addAllVolumeCapabilities(
            claim.strings("spec", "accessModes").stream()
                .map(
                    mode ->
                        capability(
                            VolumeMatching.mode(claim),
                            mode,
                            parameters.fileSystem(),
                            type.strings("mountOptions")))
                .toList())
        .putAllParameters(parameters.driver())
        .setAccessibilityRequirements(
            Csi.TopologyRequirement.newBuilder().addRequisite(here).addPreferred(here))
        .build();
  }

  /// The VolumeAttributesClass that a claim asks for; empty for none.
  static String attributesClass(Struct claim) {
    return claim.string("spec", "volumeAttributesClassName");
  }

  static Csi.CreateVolumeRequest withAttributes(Csi.CreateVolumeRequest request, Struct type) {
    Struct attributes = type.struct("parameters");
    Csi.CreateVolumeRequest.Builder more = request.toBuilder();
    for (String name : attributes.names()) {
      more.putModifiableParameters(name, attributes.string(name));
    }
    return more.build();
  }

  static Csi.VolumeCapability capability(
      String volumeMode, String accessMode, String fileSystem, List<String> options) {
    Csi.VolumeCapability.Builder capability =
        Csi.VolumeCapability.newBuilder()
            .setAccessMode(Csi.VolumeCapability.AccessMode.newBuilder().setMode(mode(accessMode)));
    if (volumeMode.equals("Block")) {
      capability.setBlock(Csi.VolumeCapability.BlockVolume.getDefaultInstance());
    } else {
      capability.setMount(
          Csi.VolumeCapability.MountVolume.newBuilder()
              .setFsType(fileSystem)
              .addAllMountFlags(options));
    }
    return capability.build();
  }

  private static Mode mode(String accessMode) {
    return switch (accessMode) {
      case "ReadWriteOnce" -> Mode.SINGLE_NODE_MULTI_WRITER;
      case "ReadWriteOncePod" -> Mode.SINGLE_NODE_SINGLE_WRITER;
      case "ReadOnlyMany" -> Mode.MULTI_NODE_READER_ONLY;
      case "ReadWriteMany" -> Mode.MULTI_NODE_MULTI_WRITER;
      default -> Mode.UNKNOWN;
    };
  }

  static Struct volume(
      Struct claim, Csi.Volume made, Struct type, String fileSystem, SidecarSettings settings) {
    String mode = VolumeMatching.mode(claim);
    Meta meta = Meta.of(claim);
    String policy =
        type.string("reclaimPolicy").isEmpty() ? "Delete" : type.string("reclaimPolicy");
    StructBuilder metadata =
        new StructBuilder()
            .add("name", nameOf(claim))
            .add(
                "annotations",
                new StructBuilder()
                    .add(PROVISIONED_BY, settings.driver())
                    .add("volume.kubernetes.io/provisioner-deletion-secret-name", "")
                    .add("volume.kubernetes.io/provisioner-deletion-secret-namespace", "")
                    .build());
    if (policy.equals("Delete")) {
      metadata.add("finalizers", List.of(FINALIZER));
    }
    Struct attributes =
        new StructBuilder()
            .addAll(strings(made.getVolumeContextMap()))
            .add("storage.kubernetes.io/csiProvisionerIdentity", settings.component())
            .build();
    Struct csi =
        new StructBuilder()
            .add("driver", settings.driver())
            .add("volumeHandle", made.getVolumeId())
            .add("volumeAttributes", attributes)
            .addUnlessEmpty("fsType", mode.equals("Block") ? "" : fileSystem)
            .build();
    Struct owner =
        new StructBuilder()
            .add("kind", "PersistentVolumeClaim")
            .add("apiVersion", "v1")
            .add("namespace", meta.namespace())
            .add("name", meta.name())
            .add("uid", meta.uid())
            .add("resourceVersion", meta.resourceVersion())
            .build();
    Struct spec =
        new StructBuilder()
            .add("accessModes", claim.list("spec", "accessModes"))
            .add(
                "capacity",
                Struct.of("storage", Quantity.ofBytes(made.getCapacityBytes()).toString()))
            .add("claimRef", owner)
            .add("csi", csi)
            .addUnlessEmpty("mountOptions", type.list("mountOptions"))
            .add("nodeAffinity", affinity(made.getAccessibleTopologyList()))
            .add("persistentVolumeReclaimPolicy", policy)
            .add("storageClassName", Meta.of(type).name())
            .addUnlessEmpty("volumeAttributesClassName", attributesClass(claim))
            .add("volumeMode", mode)
            .build();
    return Struct.of("metadata", metadata.build(), "spec", spec);
  }

  private static Struct strings(java.util.Map<String, String> map) {
    StructBuilder struct = new StructBuilder();
    map.forEach(struct::add);
    return struct.build();
  }

  private static Struct affinity(List<Csi.Topology> places) {
    List<Struct> terms =
        places.stream()
            .map(
                place ->
                    Struct.of(
                        "matchExpressions",
                        place.getSegmentsMap().entrySet().stream()
                            .sorted(java.util.Map.Entry.comparingByKey())
                            .map(
                                segment ->
                                    Struct.of(
                                        "key",
                                        segment.getKey(),
                                        "operator",
                                        "In",
                                        "values",
                                        List.of(segment.getValue())))
                            .toList()))
            .toList();
    return Struct.of("required", Struct.of("nodeSelectorTerms", terms));
  }
}
