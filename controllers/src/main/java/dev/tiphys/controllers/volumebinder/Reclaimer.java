package dev.tiphys.controllers.volumebinder;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.controllers.HostPathDeleter;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/// Does with a volume whose claim is gone what its policy says. What fails is told, and tried again
/// with each look at the volume.
///
/// Threads: any, one for each volume.
final class Reclaimer {

  /// Where directories may be deleted.
  private static final Pattern DELETABLE = Pattern.compile("/tmp/.+");

  private final World world;
  private final Api api;
  private final VolumeCatalog catalog;
  private final BindingWriter writer;
  private final EventRecorder events;
  private final Recycler recycler;
  private final HostPathDeleter hostPaths;
  private final VolumeOperations operations;

  Reclaimer(
      World world,
      Api api,
      VolumeCatalog catalog,
      BindingWriter writer,
      EventRecorder events,
      Recycler recycler,
      HostPathDeleter hostPaths,
      VolumeOperations operations) {
    this.world = world;
    this.api = api;
    this.catalog = catalog;
    this.writer = writer;
    this.events = events;
    this.recycler = recycler;
    this.hostPaths = hostPaths;
    this.operations = operations;
  }

  /// Whether there is something to be done for a volume again and again until it is done.
  static boolean awaits(Struct volume) {
    String phase = volume.string("status", "phase");
    return (phase.equals("Released") || phase.equals("Failed")) && !isKept(volume);
  }

  private static boolean isKept(Struct volume) {
    return policy(volume).equals("Retain");
  }

  static boolean isMade(Struct volume) {
    return Meta.of(volume).annotations().has(Binding.PROVISIONED_BY);
  }

  static String policy(Struct volume) {
    String policy = volume.string("spec", "persistentVolumeReclaimPolicy");
    return policy.isEmpty() ? "Retain" : policy;
  }

  /// A volume whose claim is gone has no owner, but is not free: its data are still there.
  void reclaim(Struct volume) {
    String phase = volume.string("status", "phase");
    Struct released = phase.equals("Failed") ? volume : writer.phase(volume, "Released", "");
    switch (policy(volume)) {
      case "Delete" -> delete(released);
      case "Recycle" -> recycle(released);
      default -> {} // an administrator decides
    }
  }

  private void recycle(Struct volume) {
    List<String> users = catalog.claimIsThere(volume) ? List.of() : catalog.users(volume);
    if (!users.isEmpty() && !recycler.isAtWork(Meta.of(volume).name())) {
      events.normal(
          volume, "VolumeFailedRecycle", "Volume is used by pods: " + String.join(",", users));
      return;
    }
    if (!Recycler.canRecycle(volume)) {
      fail(volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!");
      return;
    }
    try {
      if (recycler.recycle(volume)) {
        events.normal(volume, "VolumeRecycled", "Volume recycled");
        writer.unbind(volume);
      }
    } catch (RecycleException e) {
      fail(volume, "VolumeFailedRecycle", String.valueOf(e.getMessage()));
    }
  }

  /// What made a volume deletes it as well, and its storage with it.
  private void delete(Struct volume) {
    ObjectKey key = ObjectKey.of(volume);
    if (volume.has("spec", "csi") || isMade(volume)) {
      operations.delete(key, catalog.provisionerOf(volume));
      return;
    }
    operations.delete(key, volume.has("spec", "hostPath") ? VolumeMetrics.plugin(volume) : "N/A");
    try {
      requireDeleted(volume);
    } catch (IOException e) {
      operations.failed(key);
      fail(volume, "VolumeFailedDelete", String.valueOf(e.getMessage()));
      return;
    }
    Meta meta = Meta.of(volume);
    try {
      api.delete(
          ApiResource.PERSISTENT_VOLUMES, "", meta.name(), DeleteOptions.withUid(meta.uid()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
  }

  private void requireDeleted(Struct volume) throws IOException {
    if (!volume.has("spec", "hostPath")) {
      throw new IOException(
          "error getting deleter volume plugin for volume \"%s\": no deletable volume plugin matched"
              .formatted(Meta.of(volume).name()));
    }
    Instant begun = world.now();
    boolean success = false;
    try {
      deleteDirectory(volume.string("spec", "hostPath", "path"));
      success = true;
    } finally {
      operations.called(
          VolumeMetrics.plugin(volume), success, Duration.between(begun, world.now()));
    }
  }

  private void deleteDirectory(String path) throws IOException {
    if (!DELETABLE.matcher(path).matches() || List.of(path.split("/")).contains("..")) {
      throw new IOException(
          "host_path deleter only supports /tmp/.+ but received provided " + path);
    }
    hostPaths.delete(path);
  }

  private void fail(Struct volume, String reason, String message) {
    if (!volume.string("status", "phase").equals("Failed")) {
      writer.phase(volume, "Failed", message);
      events.warning(volume, reason, message);
    }
  }
}
