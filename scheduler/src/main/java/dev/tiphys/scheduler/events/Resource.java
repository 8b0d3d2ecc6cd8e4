package dev.tiphys.scheduler.events;

import dev.tiphys.client.ApiResource;
import dev.tiphys.schema.GroupVersion;

/// A resource whose changes may let a waiting Pod run.
public enum Resource {
  POD(ApiResource.PODS),
  NODE(ApiResource.NODES),
  NAMESPACE(ApiResource.NAMESPACES),
  PERSISTENT_VOLUME(ApiResource.PERSISTENT_VOLUMES),
  PERSISTENT_VOLUME_CLAIM(ApiResource.PERSISTENT_VOLUME_CLAIMS),
  STORAGE_CLASS(storage("storageclasses", "StorageClass", false)),
  CSI_NODE(storage("csinodes", "CSINode", false)),
  CSI_DRIVER(storage("csidrivers", "CSIDriver", false)),
  CSI_STORAGE_CAPACITY(storage("csistoragecapacities", "CSIStorageCapacity", true)),
  VOLUME_ATTACHMENT(storage("volumeattachments", "VolumeAttachment", false)),
  RESOURCE_CLAIM(device("resourceclaims", "ResourceClaim", true)),
  RESOURCE_SLICE(device("resourceslices", "ResourceSlice", false)),
  DEVICE_CLASS(device("deviceclasses", "DeviceClass", false)),
  DEVICE_TAINT_RULE(
      new ApiResource(
          GroupVersion.parse("resource.k8s.io/v1beta2"),
          "devicetaintrules",
          "DeviceTaintRule",
          false)),
  POD_GROUP(
      new ApiResource(
          GroupVersion.parse("scheduling.k8s.io/v1alpha2"), "podgroups", "PodGroup", true));

  private final ApiResource kind;

  Resource(ApiResource kind) {
    this.kind = kind;
  }

  /// Whether every API server serves it, to every scheduler. The others are not awaited: what they
  /// hold back waits for an event of theirs anyway.
  public boolean isEverywhere() {
    return switch (this) {
      case VOLUME_ATTACHMENT,
          RESOURCE_CLAIM,
          RESOURCE_SLICE,
          DEVICE_CLASS,
          DEVICE_TAINT_RULE,
          POD_GROUP ->
          false;
      case POD,
          NODE,
          NAMESPACE,
          PERSISTENT_VOLUME,
          PERSISTENT_VOLUME_CLAIM,
          STORAGE_CLASS,
          CSI_NODE,
          CSI_DRIVER,
          CSI_STORAGE_CAPACITY ->
          true;
    };
  }

  /// As the API serves it.
  public ApiResource kind() {
    return kind;
  }

  private static ApiResource storage(String plural, String kind, boolean namespaced) {
    return new ApiResource(GroupVersion.parse("storage.k8s.io/v1"), plural, kind, namespaced);
  }

  private static ApiResource device(String plural, String kind, boolean namespaced) {
    return new ApiResource(GroupVersion.parse("resource.k8s.io/v1"), plural, kind, namespaced);
  }
}
