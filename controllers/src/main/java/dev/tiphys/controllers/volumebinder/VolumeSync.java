package dev.tiphys.controllers.volumebinder;

import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.function.Consumer;

/// Tells how one volume stands, and what becomes of it when its claim is gone.
///
/// Threads: any, one for each volume.
final class VolumeSync {

  private final VolumeCatalog catalog;
  private final BindingWriter writer;
  private final EventRecorder events;
  private final Consumer<ObjectKey> lookAtClaim;

  /// @param lookAtClaim has a claim brought on its way
  VolumeSync(
      VolumeCatalog catalog,
      BindingWriter writer,
      EventRecorder events,
      Consumer<ObjectKey> lookAtClaim) {
    this.catalog = catalog;
    this.writer = writer;
    this.events = events;
    this.lookAtClaim = lookAtClaim;
  }

  void sync(Struct volume) {
    if (!volume.has("spec", "claimRef") || volume.string("spec", "claimRef", "uid").isEmpty()) {
      writer.phase(volume, "Available", "");
      return;
    }
    Struct claim = catalog.owner(volume);
    if (claim == null) {
      release(volume);
      return;
    }
    String named = claim.string("spec", "volumeName");
    if (named.isEmpty()) {
      if (VolumeMatching.mode(volume).equals(VolumeMatching.mode(claim))) {
        lookAtClaim.accept(ObjectKey.of(claim));
      } else {
        events.warning(
            volume,
            "VolumeMismatch",
            "Cannot bind PersistentVolume to requested PersistentVolumeClaim \"%s\" due to incompatible volumeMode."
                .formatted(Meta.of(claim).name()));
        events.warning(
            claim,
            "VolumeMismatch",
            "Cannot bind PersistentVolume \"%s\" to requested PersistentVolumeClaim due to incompatible volumeMode."
                .formatted(Meta.of(volume).name()));
      }
    } else if (named.equals(Meta.of(volume).name())) {
      writer.phase(volume, "Bound", "");
    } else if (isMade(volume) && policy(volume).equals("Delete")) {
      release(volume); // made for the claim, which found another one meanwhile
    } else {
      writer.unbind(volume);
    }
  }

  private static boolean isMade(Struct volume) {
    return Meta.of(volume).annotations().has(Binding.PROVISIONED_BY);
  }

  private static String policy(Struct volume) {
    String policy = volume.string("spec", "persistentVolumeReclaimPolicy");
    return policy.isEmpty() ? "Retain" : policy;
  }

  /// A volume whose claim is gone has no owner, but is not free: its data are still there.
  private void release(Struct volume) {
    String phase = volume.string("status", "phase");
    Struct released = phase.equals("Failed") ? volume : writer.phase(volume, "Released", "");
    switch (policy(volume)) {
      case "Delete" -> delete(released);
      case "Recycle" ->
          fail(released, "VolumeFailedRecycle", "No recycler plugin found for the volume!");
      default -> {} // an administrator decides
    }
  }

  /// What made a volume deletes it as well, and its storage with it. Others can't be deleted.
  private void delete(Struct volume) {
    boolean driver = volume.has("spec", "csi");
    if (!driver && !isMade(volume)) {
      fail(
          volume,
          "VolumeFailedDelete",
          "error getting deleter volume plugin for volume \"%s\": no deletable volume plugin matched"
              .formatted(Meta.of(volume).name()));
    }
  }

  private void fail(Struct volume, String reason, String message) {
    if (!volume.string("status", "phase").equals("Failed")) {
      writer.phase(volume, "Failed", message);
      events.warning(volume, reason, message);
    }
  }
}
