package dev.tiphys.controllers.attachdetach;

import dev.tiphys.client.Api;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Asks drivers to attach volumes, and tells the Pods that wait how it goes.
///
/// Threads: any, one for each volume.
final class Attaching {

  /// How long a driver may take before its Pods are told.
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(122);

  private final World world;
  private final Api api;
  private final AttachEvents events;
  private final AttachDetachMetrics metrics;

  /// What was asked for and is not done yet, by the attachment's name.
  private final Map<String, Wait> waits = new ConcurrentHashMap<>();

  /// The attachments that were asked for and have not been seen yet, by volume: node by node.
  private final Map<AttachableVolume, Set<String>> asked = new ConcurrentHashMap<>();

  /// @param from when Pods are told next how it stands
  /// @param backoff how long it is until they are told again
  /// @param failed whether they were told of an error
  /// @param begun when the attempt began that has not ended yet
  private record Wait(long from, Duration backoff, boolean failed, long begun) {}

  Attaching(World world, Api api, AttachEvents events, AttachDetachMetrics metrics) {
    this.world = world;
    this.api = api;
    this.events = events;
    this.metrics = metrics;
  }

  /// The nodes that attachments of a volume were asked for on, as far as it is not known what
  /// became of it.
  Set<String> asked(AttachableVolume volume) {
    return Set.copyOf(asked.getOrDefault(volume, Set.of()));
  }

  /// What became of that is known now.
  void settled(AttachableVolume volume, String node) {
    asked.computeIfPresent(
        volume,
        (_, nodes) -> {
          nodes.remove(node);
          return nodes.isEmpty() ? null : nodes;
        });
  }

  /// Asks for an attachment. Returns it.
  Struct attach(Struct persistent, AttachableVolume volume, String node, List<Struct> pods) {
    String name = volume.attachmentName(node);
    asked.computeIfAbsent(volume, _ -> ConcurrentHashMap.newKeySet()).add(node);
    Struct source = Struct.of("persistentVolumeName", Meta.of(persistent).name());
    Struct attachment =
        Struct.of(
            "metadata",
            Struct.of("name", name),
            "spec",
            Struct.of("attacher", volume.driver(), "nodeName", node, "source", source));
    try {
      Struct created = api.create(StorageResources.ATTACHMENTS, attachment);
      waits.put(name, patience());
      return created;
    } catch (ApiException e) {
      if (e.is(Reason.ALREADY_EXISTS)) {
        return api.get(StorageResources.ATTACHMENTS, "", name);
      }
      events.failed(
          Meta.of(persistent).name(),
          pods,
          "kubernetes.io/csi: attacher.Attach failed: " + e.message());
      throw e;
    }
  }

  /// Looks how an attachment stands that Pods need.
  Outcome check(Struct persistent, AttachableVolume volume, Struct attachment, List<Struct> pods) {
    Meta meta = Meta.of(attachment);
    String name = Meta.of(persistent).name();
    if (!meta.isBeingDeleted() && attachment.bool("status", "attached")) {
      Wait done = waits.remove(meta.name());
      if (done != null) {
        count(volume, done, true);
        events.attached(name, pods);
      }
      return Outcome.DONE;
    }
    Wait wait = waits.computeIfAbsent(meta.name(), _ -> patience());
    String error = error(attachment);
    boolean news = error != null && !wait.failed;
    long left = news ? 0 : wait.from - world.nanoTime();
    if (left > 0) {
      return Outcome.again(Duration.ofNanos(left));
    }
    count(volume, wait, false);
    if (error == null) {
      events.failed(name, pods, timeout(volume));
      waits.put(meta.name(), patience());
      return Outcome.again(PATIENCE);
    }
    events.failed(name, pods, error);
    Duration longer = wait.backoff.multipliedBy(2);
    waits.put(
        meta.name(),
        new Wait(
            world.nanoTime() + wait.backoff.toNanos(),
            longer.compareTo(LONGEST_BACKOFF) < 0 ? longer : LONGEST_BACKOFF,
            true,
            world.nanoTime()));
    return Outcome.again(wait.backoff);
  }

  private static @Nullable String error(Struct attachment) {
    if (Meta.of(attachment).isBeingDeleted()) {
      return "volume attachment is being deleted";
    }
    return attachment.has("status", "attachError")
        ? attachment.string("status", "attachError", "message")
        : null;
  }

  private static String timeout(AttachableVolume volume) {
    return "timed out waiting for external-attacher of %s CSI driver to attach volume %s"
        .formatted(volume.driver(), volume.handle());
  }

  private Wait patience() {
    long now = world.nanoTime();
    return new Wait(now + PATIENCE.toNanos(), FIRST_BACKOFF, false, now);
  }

  private void count(AttachableVolume volume, Wait attempt, boolean success) {
    metrics.attached(volume.driver(), success, Duration.ofNanos(world.nanoTime() - attempt.begun));
  }

  /// Nothing waits for an attachment any more.
  void forget(Struct attachment) {
    waits.remove(Meta.of(attachment).name());
  }
}
