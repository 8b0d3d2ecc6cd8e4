package dev.tiphys.controllers.volumebinder;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.WatchEvent;
import dev.tiphys.client.WatchOptions;
import dev.tiphys.client.WatchStream;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Has Pods empty the volumes whose policy is `Recycle`: one Pod for each, of a name that tells the
/// volume, so that no two ever work on one.
///
/// Only a Pod that was made for this release of a volume counts. One that is found, of a controller
/// before this one, is deleted and its work is done again: whether it emptied the volume before or
/// after somebody wrote to it is not known.
///
/// Threads: any, one for each volume.
final class Recycler implements AutoCloseable {

  private static final String NAMESPACE = "default";
  private static final String PREFIX = "recycler-for-";
  private static final long GIBIBYTE = 1L << 30;
  private static final long SECONDS_FOR_EACH = 30; // gibibyte
  private static final Duration REST = Duration.ofSeconds(15);

  private static final String TEMPLATE =
      """
      {"apiVersion": "v1", "kind": "Pod",
       "metadata": {"namespace": "default"},
       "spec": {
         "restartPolicy": "Never",
         "volumes": [],
         "containers": [{
           "name": "pv-recycler",
           "image": "registry.k8s.io/build-image/debian-base:bookworm-v1.0.6",
           "command": ["/bin/sh"],
           "args": ["-c", "test -e /scrub && find /scrub -mindepth 1 -delete && test -z \\"$(ls -A /scrub)\\" || exit 1"],
           "volumeMounts": [{"name": "vol", "mountPath": "/scrub"}]}]}}
      """;

  /// A Pod that was made for a volume, and what repeats its events.
  private record Run(String pod, SupervisedTask telling) {}

  private final World world;
  private final Api api;
  private final EventRecorder events;
  private final Map<String, Run> runs = new ConcurrentHashMap<>(); // by name of the volume
  private final Map<String, Instant> resting = new ConcurrentHashMap<>(); // by name of the volume

  Recycler(World world, Api api, EventRecorder events) {
    this.world = world;
    this.api = api;
    this.events = events;
  }

  /// The volume that a Pod empties; empty if it does not.
  static String volumeOf(Struct pod) {
    Meta meta = Meta.of(pod);
    return meta.namespace().equals(NAMESPACE) && meta.name().startsWith(PREFIX)
        ? meta.name().substring(PREFIX.length())
        : "";
  }

  static boolean canRecycle(Struct volume) {
    return !kind(volume).isEmpty();
  }

  private static String kind(Struct volume) {
    return volume.has("spec", "hostPath") ? "hostPath" : volume.has("spec", "nfs") ? "nfs" : "";
  }

  /// Whether a Pod is at work for a volume, or has been since it was looked at last.
  boolean isAtWork(String volume) {
    return runs.containsKey(volume);
  }

  /// Takes one step with a volume. Returns whether it is empty now.
  boolean recycle(Struct volume) throws RecycleException {
    String name = Meta.of(volume).name();
    Run run = runs.get(name);
    Struct pod = api.find(ApiResource.PODS, NAMESPACE, PREFIX + name);
    if (run == null) {
      if (isResting(name)) {
        return false;
      }
      if (pod != null) {
        delete(pod);
        throw failed(name, "old recycler pod found, will retry later");
      }
      start(volume);
      return false;
    }
    if (pod == null || !Meta.of(pod).uid().equals(run.pod)) {
      throw failed(name, "failed to recycle volume: recycler pod was deleted");
    }
    switch (pod.string("status", "phase")) {
      case "Succeeded" -> {
        delete(pod);
        end(name);
        return true;
      }
      case "Failed" -> {
        delete(pod);
        String message = pod.string("status", "message");
        throw failed(
            name,
            "failed to recycle volume: "
                + (message.isEmpty() ? "pod failed, pod.Status.Message unknown" : message));
      }
      default -> {
        return false;
      }
    }
  }

  private boolean isResting(String volume) {
    Instant until = resting.get(volume);
    return until != null && world.now().isBefore(until);
  }

  private RecycleException failed(String volume, String message) {
    end(volume);
    resting.put(volume, world.now().plus(REST));
    return new RecycleException("Recycle failed: " + message);
  }

  private void start(Struct volume) {
    String name = Meta.of(volume).name();
    Struct made = api.create(ApiResource.PODS, pod(volume));
    String uid = Meta.of(made).uid();
    resting.remove(name);
    runs.put(
        name,
        new Run(uid, world.supervisor().start("recycler-events", () -> repeatEvents(volume, uid))));
  }

  private void repeatEvents(Struct volume, String pod) throws InterruptedException {
    WatchOptions ofPod = new WatchOptions("", "involvedObject.uid=" + pod, "", false);
    try (WatchStream stream = api.watch(ApiResource.EVENTS, NAMESPACE, ofPod)) {
      for (WatchEvent next = stream.next(); next != null; next = stream.next()) {
        if (next.type() == WatchEvent.Type.ADDED) {
          Struct told = next.object();
          events.record(
              Meta.of(volume).reference(),
              told.string("type"),
              "RecyclerPod",
              "Recycler pod: " + told.string("message"));
        }
      }
    }
  }

  private static Struct pod(Struct volume) {
    String kind = kind(volume);
    Struct source = volume.struct("spec", kind).without("type").without("readOnly");
    long least = kind.equals("nfs") ? 300 : 60;
    long size = VolumeMatching.quantity(volume.get("spec", "capacity", "storage")).units();
    return Json.struct(TEMPLATE.getBytes(StandardCharsets.UTF_8))
        .withAt(PREFIX + Meta.of(volume).name(), "metadata", "name")
        .withAt(
            Math.max(least, size / GIBIBYTE * SECONDS_FOR_EACH), "spec", "activeDeadlineSeconds")
        .withAt(List.of(Struct.of("name", "vol", kind, source)), "spec", "volumes");
  }

  private void delete(Struct pod) {
    Meta meta = Meta.of(pod);
    try {
      api.delete(
          ApiResource.PODS, meta.namespace(), meta.name(), DeleteOptions.withUid(meta.uid()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
  }

  private void end(String volume) {
    Run run = runs.remove(volume);
    if (run != null) {
      run.telling.close();
    }
  }

  @Override
  public void close() {
    runs.keySet().forEach(this::end);
  }
}
