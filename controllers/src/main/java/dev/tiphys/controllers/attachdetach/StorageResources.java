package dev.tiphys.controllers.attachdetach;

import dev.tiphys.client.ApiResource;
import dev.tiphys.schema.GroupVersion;

/// The kinds of `storage.k8s.io` that are read and written here.
final class StorageResources {

  private static final GroupVersion STORAGE = new GroupVersion("storage.k8s.io", "v1");

  static final ApiResource ATTACHMENTS =
      new ApiResource(STORAGE, "volumeattachments", "VolumeAttachment", false);
  static final ApiResource DRIVERS = new ApiResource(STORAGE, "csidrivers", "CSIDriver", false);

  private StorageResources() {}
}
