package dev.tiphys.storage.sidecar;

import dev.tiphys.client.ApiResource;
import dev.tiphys.schema.GroupVersion;

/// The resources of storage.
public final class StorageResources {

  private static final GroupVersion STORAGE = new GroupVersion("storage.k8s.io", "v1");
  private static final GroupVersion SNAPSHOTS = new GroupVersion("snapshot.storage.k8s.io", "v1");

  public static final ApiResource CLASSES =
      new ApiResource(STORAGE, "storageclasses", "StorageClass", false);
  public static final ApiResource ATTRIBUTES_CLASSES =
      new ApiResource(STORAGE, "volumeattributesclasses", "VolumeAttributesClass", false);
  public static final ApiResource DRIVERS =
      new ApiResource(STORAGE, "csidrivers", "CSIDriver", false);
  public static final ApiResource CAPACITIES =
      new ApiResource(STORAGE, "csistoragecapacities", "CSIStorageCapacity", true);
  public static final ApiResource SNAPSHOT_CLASSES =
      new ApiResource(SNAPSHOTS, "volumesnapshotclasses", "VolumeSnapshotClass", false);
  public static final ApiResource SNAPSHOT_CONTENTS =
      new ApiResource(SNAPSHOTS, "volumesnapshotcontents", "VolumeSnapshotContent", false);
  public static final ApiResource VOLUME_SNAPSHOTS =
      new ApiResource(SNAPSHOTS, "volumesnapshots", "VolumeSnapshot", true);

  private StorageResources() {}
}
