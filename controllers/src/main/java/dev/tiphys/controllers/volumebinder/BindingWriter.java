package dev.tiphys.controllers.volumebinder;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;

/// Writes what binds claims and volumes, step by step: whatever step was the last one, the next
/// look at either of the two goes on from there.
///
/// Threads: any.
final class BindingWriter {

  private static final ApiResource CLAIMS = ApiResource.PERSISTENT_VOLUME_CLAIMS;
  private static final ApiResource VOLUMES = ApiResource.PERSISTENT_VOLUMES;

  private final Api api;
  private final EventRecorder events;

  BindingWriter(Api api, EventRecorder events) {
    this.api = api;
    this.events = events;
  }

  /// Binds a volume and a claim to each other: the volume first, so that no two claims can have it.
  void bind(Struct volume, Struct claim) {
    Struct taken = phase(keep(volume, claim), "Bound", "");
    phase(complete(claim, taken), taken);
  }

  private Struct keep(Struct volume, Struct claim) {
    if (Binding.isOf(volume, claim)) {
      return volume;
    }
    Meta meta = Meta.of(claim);
    Struct reference =
        new StructBuilder()
            .add("kind", "PersistentVolumeClaim")
            .add("namespace", meta.namespace())
            .add("name", meta.name())
            .add("uid", meta.uid())
            .add("apiVersion", "v1")
            .add("resourceVersion", meta.resourceVersion())
            .build();
    boolean chosen = !Binding.isKeptFor(volume, claim);
    Struct kept = volume.withAt(reference, "spec", "claimRef");
    return api.update(
        VOLUMES, chosen ? Meta.withAnnotation(kept, Binding.BY_CONTROLLER, "yes") : kept);
  }

  private Struct complete(Struct claim, Struct volume) {
    String name = Meta.of(volume).name();
    Struct named = claim;
    if (!claim.string("spec", "volumeName").equals(name)) {
      named =
          Meta.withAnnotation(
              claim.withAt(name, "spec", "volumeName"), Binding.BY_CONTROLLER, "yes");
    }
    Struct completed =
        Meta.of(named).annotations().has(Binding.COMPLETED)
            ? named
            : Meta.withAnnotation(named, Binding.COMPLETED, "yes");
    return completed.equals(claim) ? claim : api.update(CLAIMS, completed);
  }

  /// How much room a claim has is told when it is bound; what becomes of it later is told by what
  /// resizes it.
  private void phase(Struct claim, Struct volume) {
    Struct status = claim.struct("status");
    boolean newly = !status.string("phase").equals("Bound");
    Struct next =
        status.with("phase", "Bound").with("accessModes", volume.list("spec", "accessModes"));
    if (newly || !status.has("capacity")) {
      next = next.with("capacity", volume.struct("spec", "capacity"));
      String attributes = volume.string("spec", "volumeAttributesClassName");
      next =
          attributes.isEmpty() ? next : next.with("currentVolumeAttributesClassName", attributes);
    }
    if (!next.equals(status)) {
      api.update(CLAIMS, claim.with("status", next), "status");
    }
  }

  /// Tells that a claim waits.
  void pending(Struct claim) {
    Struct status = claim.struct("status");
    if (!status.string("phase").equals("Pending")) {
      api.update(CLAIMS, claim.with("status", status.with("phase", "Pending")), "status");
    }
  }

  /// Tells that a claim has lost its volume.
  void lost(Struct claim, String reason, String message) {
    if (!claim.string("status", "phase").equals("Lost")) {
      Struct status =
          claim.struct("status").with("phase", "Lost").without("accessModes").without("capacity");
      api.update(CLAIMS, claim.with("status", status), "status");
      events.warning(claim, reason, message);
    }
  }

  /// Tells how a volume stands. Returns the volume as it is now.
  Struct phase(Struct volume, String phase, String message) {
    Struct status = volume.struct("status");
    if (status.string("phase").equals(phase) && status.string("message").equals(message)) {
      return volume;
    }
    Struct next = status.with("phase", phase);
    next = message.isEmpty() ? next.without("message") : next.with("message", message);
    return api.update(VOLUMES, volume.with("status", next), "status");
  }

  /// Gives a volume free again. What a user has reserved stays reserved.
  void unbind(Struct volume) {
    Struct free =
        Binding.isChosen(volume)
            ? volume
                .withoutAt("spec", "claimRef")
                .withoutAt("metadata", "annotations", Binding.BY_CONTROLLER)
            : volume.withoutAt("spec", "claimRef", "uid");
    phase(api.update(VOLUMES, free), "Available", "");
  }
}
