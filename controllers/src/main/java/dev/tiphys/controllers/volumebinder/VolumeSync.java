package dev.tiphys.controllers.volumebinder;

import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.function.Consumer;

/// Tells how one volume stands, and has it reclaimed when its claim is gone.
///
/// Threads: any, one for each volume.
final class VolumeSync {

  private final VolumeCatalog catalog;
  private final BindingWriter writer;
  private final EventRecorder events;
  private final Reclaimer reclaimer;
  private final Consumer<ObjectKey> lookAtClaim;

  /// @param lookAtClaim has a claim brought on its way
  VolumeSync(
      VolumeCatalog catalog,
      BindingWriter writer,
      EventRecorder events,
      Reclaimer reclaimer,
      Consumer<ObjectKey> lookAtClaim) {
    this.catalog = catalog;
    this.writer = writer;
    this.events = events;
    this.reclaimer = reclaimer;
    this.lookAtClaim = lookAtClaim;
  }

  void sync(Struct volume) {
    if (!volume.has("spec", "claimRef") || volume.string("spec", "claimRef", "uid").isEmpty()) {
      writer.phase(volume, "Available", "");
      return;
    }
    Struct claim = catalog.owner(volume);
    if (claim == null) {
      reclaimer.reclaim(volume);
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
    } else if (Reclaimer.isMade(volume) && Reclaimer.policy(volume).equals("Delete")) {
      reclaimer.reclaim(volume); // made for the claim, which found another one meanwhile
    } else {
      writer.unbind(volume);
    }
  }
}
