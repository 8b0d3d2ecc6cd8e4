package dev.tiphys.storage.snapshotter;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.storage.sidecar.SidecarSettings;
import dev.tiphys.storage.sidecar.StorageResources;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings one VolumeSnapshot on its way: binds it to a content, and tells how that stands.
///
/// Threads: any, one for each VolumeSnapshot.
final class SnapshotSync {

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final long NANOS = 1_000_000_000;

  private final World world;
  private final Api api;
  private final SidecarSettings settings;
  private final EventRecorder events;

  SnapshotSync(World world, Api api, SidecarSettings settings, EventRecorder events) {
    this.world = world;
    this.api = api;
    this.settings = settings;
    this.events = events;
  }

  Outcome sync(Struct snapshot) {
    if (Meta.of(snapshot).isBeingDeleted()) {
      return end(snapshot);
    }
    Struct content =
        api.find(StorageResources.SNAPSHOT_CONTENTS, "", SnapshotKinds.contentOf(snapshot));
    if (content == null) {
      return snapshot.has("spec", "source", "persistentVolumeClaimName")
          ? take(snapshot)
          : Outcome.DONE; // looked at again when the content appears
    }
    if (!isHere(content) || !SnapshotKinds.isFor(content, snapshot)) {
      return Outcome.DONE;
    }
    Struct held = hold(snapshot);
    tell(held, keep(content, held));
    return Outcome.DONE;
  }

  /// Whether a content is of the driver and on this node.
  private boolean isHere(Struct content) {
    return content.string("spec", "driver").equals(settings.driver())
        && Meta.of(content).label(SnapshotKinds.NODE).equals(settings.node());
  }

  /// Has a snapshot be taken, if its volume is on this node.
  private Outcome take(Struct snapshot) {
    String name = snapshot.string("spec", "source", "persistentVolumeClaimName");
    Struct claim =
        api.find(ApiResource.PERSISTENT_VOLUME_CLAIMS, Meta.of(snapshot).namespace(), name);
    if (claim == null || claim.string("spec", "volumeName").isEmpty()) {
      return Outcome.again(PATIENCE);
    }
    Struct volume =
        api.find(ApiResource.PERSISTENT_VOLUMES, "", claim.string("spec", "volumeName"));
    if (volume == null || !settings.isOurs(volume)) {
      return Outcome.DONE;
    }
    Struct type = classOf(snapshot);
    if (type == null) {
      fail(snapshot, "cannot find a VolumeSnapshotClass of driver " + settings.driver());
      return Outcome.again(PATIENCE);
    }
    Struct held = hold(snapshot.withAt(Meta.of(type).name(), "spec", "volumeSnapshotClassName"));
    try {
      api.create(StorageResources.SNAPSHOT_CONTENTS, content(held, volume, type));
      events.normal(
          held,
          "CreatingSnapshot",
          "Waiting for a snapshot %s to be created by the CSI driver."
              .formatted(Meta.of(held).key()));
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        fail(held, e.message());
        throw e;
      }
    }
    return Outcome.DONE; // the content has this looked at again
  }

  private void fail(Struct snapshot, String trouble) {
    String message = "Failed to create snapshot content with error " + trouble;
    if (!snapshot.string("status", "error", "message").equals(message)) {
      events.warning(snapshot, "SnapshotContentCreationFailed", message);
      Struct error = Struct.of("message", message, "time", Timestamps.seconds(world.now()));
      Struct status = snapshot.struct("status").with("error", error).with("readyToUse", false);
      api.update(StorageResources.VOLUME_SNAPSHOTS, snapshot.with("status", status), "status");
    }
  }

  private @Nullable Struct classOf(Struct snapshot) {
    String named = snapshot.string("spec", "volumeSnapshotClassName");
    List<Struct> all = api.list(StorageResources.SNAPSHOT_CLASSES, "", ListOptions.ALL).items();
    return all.stream()
        .filter(each -> each.string("driver").equals(settings.driver()))
        .filter(
            each ->
                named.isEmpty()
                    ? Meta.of(each).annotation(SnapshotKinds.DEFAULT_CLASS).equals("true")
                    : Meta.of(each).name().equals(named))
        .findFirst()
        .orElse(null);
  }

  private Struct content(Struct snapshot, Struct volume, Struct type) {
    Meta meta = Meta.of(snapshot);
    Struct reference =
        new StructBuilder()
            .add("apiVersion", snapshot.string("apiVersion"))
            .add("kind", snapshot.string("kind"))
            .add("name", meta.name())
            .add("namespace", meta.namespace())
            .add("uid", meta.uid())
            .add("resourceVersion", meta.resourceVersion())
            .build();
    Struct spec =
        new StructBuilder()
            .add("deletionPolicy", type.string("deletionPolicy"))
            .add("driver", settings.driver())
            .add("source", Struct.of("volumeHandle", volume.string("spec", "csi", "volumeHandle")))
            .add("sourceVolumeMode", VolumeMatching.mode(volume))
            .add("volumeSnapshotClassName", Meta.of(type).name())
            .add("volumeSnapshotRef", reference)
            .build();
    Struct metadata =
        Struct.of(
            "name",
            SnapshotKinds.contentOf(snapshot),
            "labels",
            Struct.of(SnapshotKinds.NODE, settings.node()),
            "finalizers",
            List.of(SnapshotKinds.CONTENT));
    return new StructBuilder()
        .add("apiVersion", snapshot.string("apiVersion"))
        .add("kind", "VolumeSnapshotContent")
        .add("metadata", metadata)
        .add("spec", spec)
        .build();
  }

  /// Has a VolumeSnapshot stay until its content is dealt with.
  private Struct hold(Struct snapshot) {
    Struct held =
        SidecarSettings.withFinalizer(
            SidecarSettings.withFinalizer(snapshot, SnapshotKinds.AS_SOURCE), SnapshotKinds.BOUND);
    return held.equals(snapshot) && snapshot.has("status")
        ? snapshot
        : api.update(StorageResources.VOLUME_SNAPSHOTS, held);
  }

  /// Makes a content that an administrator has kept for the VolumeSnapshot that one's own.
  private Struct keep(Struct content, Struct snapshot) {
    return content.string("spec", "volumeSnapshotRef", "uid").isEmpty()
        ? api.update(
            StorageResources.SNAPSHOT_CONTENTS,
            content.withAt(Meta.of(snapshot).uid(), "spec", "volumeSnapshotRef", "uid"))
        : content;
  }

  /// Tells of a VolumeSnapshot what its content tells.
  private void tell(Struct snapshot, Struct content) {
    Struct told = content.struct("status");
    boolean ready = told.bool("readyToUse");
    StructBuilder next =
        new StructBuilder()
            .add("boundVolumeSnapshotContentName", Meta.of(content).name())
            .add("readyToUse", ready);
    if (told.has("creationTime")) {
      long nanos = told.integer("creationTime");
      next.add(
          "creationTime", Timestamps.seconds(Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS)));
    }
    if (told.has("restoreSize")) {
      next.add("restoreSize", Quantity.ofBytes(told.integer("restoreSize")).toString());
    }
    if (told.has("error") && !ready) {
      next.add("error", told.struct("error"));
    }
    Struct status = next.build();
    Struct before = snapshot.struct("status");
    if (status.equals(before)) {
      return;
    }
    api.update(StorageResources.VOLUME_SNAPSHOTS, snapshot.with("status", status), "status");
    String key = Meta.of(snapshot).key().toString();
    if (status.has("creationTime") && !before.has("creationTime")) {
      events.normal(
          snapshot,
          "SnapshotCreated",
          "Snapshot %s was successfully created by the CSI driver.".formatted(key));
    }
    if (ready && !before.bool("readyToUse")) {
      events.normal(snapshot, "SnapshotReady", "Snapshot %s is ready to use.".formatted(key));
    }
  }

  /// Lets a VolumeSnapshot go once its content is gone, or is to stay.
  private Outcome end(Struct snapshot) {
    Struct content =
        api.find(StorageResources.SNAPSHOT_CONTENTS, "", SnapshotKinds.contentOf(snapshot));
    if (content == null) {
      return isOfOthers(snapshot) ? Outcome.DONE : release(snapshot);
    }
    if (!isHere(content) || !SnapshotKinds.isFor(content, snapshot)) {
      return Outcome.DONE;
    }
    if (isBeingRestored(snapshot)) {
      events.warning(snapshot, "SnapshotDeletePending", "Snapshot is being used to restore a PVC");
      return Outcome.again(PATIENCE);
    }
    if (!SnapshotKinds.deletes(content)) {
      return release(snapshot);
    }
    if (!Meta.of(content).isBeingDeleted()) {
      Struct marked =
          api.update(
              StorageResources.SNAPSHOT_CONTENTS,
              Meta.withAnnotation(content, SnapshotKinds.BEING_DELETED, "yes"));
      api.delete(
          StorageResources.SNAPSHOT_CONTENTS,
          "",
          Meta.of(marked).name(),
          DeleteOptions.withUid(Meta.of(marked).uid()));
    }
    return Outcome.DONE; // the end of the content has this looked at again
  }

  /// Whether another driver's helpers see to it. One that an administrator has made the content of
  /// says nothing of a driver: once the content is gone there is nothing to protect.
  private boolean isOfOthers(Struct snapshot) {
    boolean made = snapshot.has("spec", "source", "volumeSnapshotContentName");
    boolean named = !snapshot.string("spec", "volumeSnapshotClassName").isEmpty();
    return !made && !(named && classOf(snapshot) != null);
  }

  private boolean isBeingRestored(Struct snapshot) {
    Meta meta = Meta.of(snapshot);
    return api
        .list(ApiResource.PERSISTENT_VOLUME_CLAIMS, meta.namespace(), ListOptions.ALL)
        .items()
        .stream()
        .filter(claim -> claim.string("status", "phase").equals("Pending"))
        .map(claim -> claim.struct("spec", "dataSource"))
        .anyMatch(
            source ->
                source.string("kind").equals("VolumeSnapshot")
                    && source.string("name").equals(meta.name()));
  }

  private Outcome release(Struct snapshot) {
    Struct free =
        SidecarSettings.withoutFinalizer(
            SidecarSettings.withoutFinalizer(snapshot, SnapshotKinds.AS_SOURCE),
            SnapshotKinds.BOUND);
    if (!free.equals(snapshot)) {
      try {
        api.update(StorageResources.VOLUME_SNAPSHOTS, free);
      } catch (ApiException e) {
        if (!e.is(Reason.NOT_FOUND)) {
          throw e;
        }
      }
    }
    return Outcome.DONE;
  }
}
