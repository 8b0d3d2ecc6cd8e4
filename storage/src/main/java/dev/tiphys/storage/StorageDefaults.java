package dev.tiphys.storage;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.storage.sidecar.StorageResources;
import dev.tiphys.world.World;
import java.util.List;

/// The objects by which a cluster has storage out of the box: the driver's, the default classes,
/// and the kinds of snapshots.
public final class StorageDefaults {

  private StorageDefaults() {}

  /// What makes them, not started.
  public static DefaultObjects of(World world, Api api) {
    return new DefaultObjects(
        world,
        api,
        "storage",
        List.of(
            ApiResource.CUSTOM_RESOURCE_DEFINITIONS,
            StorageResources.DRIVERS,
            StorageResources.CLASSES,
            StorageResources.SNAPSHOT_CLASSES),
        DefaultObjects.read(StorageDefaults.class, "snapshot-resources.yaml", "defaults.yaml"));
  }
}
