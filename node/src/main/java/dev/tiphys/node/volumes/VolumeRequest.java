package dev.tiphys.node.volumes;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.spec.DownwardFields;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// A volume that a Pod wants.
///
/// @param fields what the Pod can be told about itself
/// @param volume as the Pod has it
/// @param claimed what stands behind it; null if the Pod itself says what it is
public record VolumeRequest(DownwardFields fields, Struct volume, @Nullable Claimed claimed) {

  /// A claim and the PersistentVolume that it is bound to.
  public record Claimed(Struct claim, Struct volume) {
    public Struct spec() {
      return volume.struct("spec");
    }

    /// Whether it is a device, not a file system.
    public boolean block() {
      return spec().string("volumeMode").equals("Block");
    }
  }

  public Pod pod() {
    return fields.pod();
  }

  /// What it is: the part of a Pod's volume or of a PersistentVolume that names the plugin.
  public Struct source() {
    return claimed == null ? volume : claimed.spec();
  }

  /// What it is called in messages and directories: the PersistentVolume's name, or else the Pod's.
  public String name() {
    return claimed == null ? volume.string("name") : claimed.volume.string("metadata", "name");
  }

  /// Whether the Pod must not write to it.
  public boolean readOnly() {
    return volume.bool("persistentVolumeClaim", "readOnly");
  }

  public boolean block() {
    return claimed != null && claimed.block();
  }

  /// The group that the Pod's files belong to; null if it names none.
  public @Nullable Long group() {
    return Payloads.group(pod());
  }
}
