package dev.tiphys.node.volumes.usage;

import org.jspecify.annotations.Nullable;

/// What storage drivers say of how full their volumes are.
public interface DriverUsage {

  /// @param uid of the Pod that has the volume
  /// @param volume the name of the PersistentVolume
  /// @return null if the driver cannot say
  @Nullable VolumeUsage of(String uid, String volume) throws InterruptedException;
}
