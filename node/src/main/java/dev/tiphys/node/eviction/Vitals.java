package dev.tiphys.node.eviction;

import dev.tiphys.node.volumes.usage.VolumeUsage;
import dev.tiphys.node.volumes.usage.VolumeUsage.Amount;
import java.io.IOException;

/// What a node has left.
///
/// @param memory in bytes
/// @param pods the file system with Pods' files
/// @param images the file system with images, which may be the same
public record Vitals(Amount memory, VolumeUsage pods, VolumeUsage images) {

  /// Looks at the node.
  public interface Source {
    Vitals look() throws IOException, InterruptedException;
  }
}
