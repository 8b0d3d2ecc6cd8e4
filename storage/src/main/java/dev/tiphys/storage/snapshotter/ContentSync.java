package dev.tiphys.storage.snapshotter;

import dev.tiphys.client.Api;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.csi.ControllerService;
import dev.tiphys.csi.Csi;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.storage.sidecar.DriverCalls;
import dev.tiphys.storage.sidecar.SidecarSettings;
import dev.tiphys.storage.sidecar.StorageResources;
import dev.tiphys.world.World;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings one VolumeSnapshotContent on its way: has the driver take its snapshot, or delete it.
///
/// Threads: any, one for each content.
final class ContentSync {

  private static final long NANOS = 1_000_000_000;

  private final World world;
  private final Api api;
  private final DriverCalls driver;
  private final SidecarSettings settings;
  private final EventRecorder events;

  ContentSync(
      World world, Api api, DriverCalls driver, SidecarSettings settings, EventRecorder events) {
    this.world = world;
    this.api = api;
    this.driver = driver;
    this.settings = settings;
    this.events = events;
  }

  Outcome sync(Struct content) throws InterruptedException {
    if (!content.string("spec", "driver").equals(settings.driver())) {
      return Outcome.DONE;
    }
    String node = Meta.of(content).label(SnapshotKinds.NODE);
    if (node.isEmpty()) {
      return adopt(content);
    }
    if (!node.equals(settings.node())) {
      return Outcome.DONE;
    }
    Struct owner = owner(content);
    if (Meta.of(content).isBeingDeleted()) {
      return owner == null || Meta.of(owner).isBeingDeleted() ? end(content) : Outcome.DONE;
    }
    if (owner == null
        && content.has("spec", "volumeSnapshotRef", "uid")
        && SnapshotKinds.deletes(content)) {
      api.delete(
          StorageResources.SNAPSHOT_CONTENTS,
          "",
          Meta.of(content).name(),
          DeleteOptions.withUid(Meta.of(content).uid()));
      return Outcome.DONE;
    }
    return content.bool("status", "readyToUse") ? Outcome.DONE : take(content);
  }

  /// The VolumeSnapshot that a content is for; null if that is gone.
  private @Nullable Struct owner(Struct content) {
    ObjectKey key = SnapshotKinds.ownerOf(content);
    Struct owner = api.find(StorageResources.VOLUME_SNAPSHOTS, key.namespace(), key.name());
    return owner != null && SnapshotKinds.isFor(content, owner) ? owner : null;
  }

  /// A content that an administrator has made belongs to the node that has the snapshot.
  private Outcome adopt(Struct content) throws InterruptedException {
    String handle = content.string("spec", "source", "snapshotHandle");
    if (handle.isEmpty() || Meta.of(content).isBeingDeleted()) {
      return Outcome.DONE;
    }
    List<Csi.Snapshot> found;
    try {
      found = found(handle);
    } catch (GrpcException e) {
      return Outcome.RETRY;
    }
    if (!found.isEmpty()) {
      Struct held = SidecarSettings.withFinalizer(content, SnapshotKinds.CONTENT);
      api.update(
          StorageResources.SNAPSHOT_CONTENTS,
          held.withAt(settings.node(), "metadata", "labels", SnapshotKinds.NODE));
    }
    return Outcome.DONE;
  }

  private List<Csi.Snapshot> found(String handle) throws InterruptedException {
    return driver
        .call(
            ControllerService.LIST_SNAPSHOTS,
            Csi.ListSnapshotsRequest.newBuilder().setSnapshotId(handle).build())
        .getEntriesList()
        .stream()
        .map(Csi.ListSnapshotsResponse.Entry::getSnapshot)
        .toList();
  }

  private Outcome take(Struct content) throws InterruptedException {
    String handle = content.string("spec", "source", "snapshotHandle");
    try {
      if (handle.isEmpty()) {
        tell(content, create(content));
        return Outcome.DONE;
      }
      List<Csi.Snapshot> found = found(handle);
      if (!found.isEmpty()) {
        tell(content, found.getFirst());
        return Outcome.DONE;
      }
      fail(content, "snapshot %s not found".formatted(handle));
    } catch (GrpcException e) {
      fail(content, String.valueOf(e.getMessage()));
    }
    return Outcome.RETRY;
  }

  private static String nameOf(Struct content) {
    return "snapshot-" + content.string("spec", "volumeSnapshotRef", "uid");
  }

  private Csi.Snapshot create(Struct content) throws InterruptedException {
    return driver
        .call(
            ControllerService.CREATE_SNAPSHOT,
            Csi.CreateSnapshotRequest.newBuilder()
                .setName(nameOf(content))
                .setSourceVolumeId(content.string("spec", "source", "volumeHandle"))
                .build())
        .getSnapshot();
  }

  private void tell(Struct content, Csi.Snapshot snapshot) {
    Struct status =
        new StructBuilder()
            .add(
                "creationTime",
                snapshot.getCreationTime().getSeconds() * NANOS
                    + snapshot.getCreationTime().getNanos())
            .add("readyToUse", snapshot.getReadyToUse())
            .add("restoreSize", snapshot.getSizeBytes())
            .add("snapshotHandle", snapshot.getSnapshotId())
            .build();
    api.update(StorageResources.SNAPSHOT_CONTENTS, content.with("status", status), "status");
  }

  private void fail(Struct content, String trouble) {
    String message =
        "Failed to check and update snapshot content: failed to take snapshot of the volume %s: \"%s\""
            .formatted(content.string("spec", "source", "volumeHandle"), trouble);
    if (!content.string("status", "error", "message").equals(message)) {
      events.warning(content, "SnapshotCreationFailed", "Failed to create snapshot: " + trouble);
      Struct error = Struct.of("message", message, "time", Timestamps.seconds(world.now()));
      api.update(
          StorageResources.SNAPSHOT_CONTENTS,
          content.with(
              "status", content.struct("status").with("error", error).with("readyToUse", false)),
          "status");
    }
  }

  private Outcome end(Struct content) throws InterruptedException {
    if (SnapshotKinds.deletes(content)) {
      String told = content.string("status", "snapshotHandle");
      try {
        driver.call(
            ControllerService.DELETE_SNAPSHOT,
            Csi.DeleteSnapshotRequest.newBuilder()
                // one whose handle was never told has it from its name
                .setSnapshotId(told.isEmpty() ? nameOf(content) : told)
                .build());
      } catch (GrpcException e) {
        events.warning(
            content, "SnapshotDeleteError", "Failed to delete snapshot: " + e.getMessage());
        return Outcome.RETRY;
      }
    }
    if (Meta.of(content).finalizers().contains(SnapshotKinds.CONTENT)) {
      api.update(
          StorageResources.SNAPSHOT_CONTENTS,
          SidecarSettings.withoutFinalizer(content, SnapshotKinds.CONTENT));
    }
    return Outcome.DONE;
  }
}
