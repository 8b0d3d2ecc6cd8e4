package dev.tiphys.controllers.attachdetach;

import dev.tiphys.client.Api;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Detaches volumes that no Pod uses any more: once their node has given them back, or cannot be
/// expected to.
///
/// Threads: any, one for each attachment.
final class Detaching {

  /// How long a node that is not healthy may take to give a volume back.
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

  private final World world;
  private final Api api;
  private final Informer nodes;
  private final AttachedVolumes attached;
  private final AttachDetachMetrics metrics;

  /// Since when attachments have been of no use, by their uid.
  private final Map<String, Long> since = new ConcurrentHashMap<>();

  /// When those were deleted that drivers are detaching, by their uid.
  private final Map<String, Long> detaching = new ConcurrentHashMap<>();

  /// The uids of those whose end by force is counted; a look may come before it is shown.
  private final Set<String> forced = ConcurrentHashMap.newKeySet();

  Detaching(
      World world, Api api, Informer nodes, AttachedVolumes attached, AttachDetachMetrics metrics) {
    this.world = world;
    this.api = api;
    this.nodes = nodes;
    this.attached = attached;
    this.metrics = metrics;
  }

  /// Ends an attachment, if that can be done yet.
  ///
  /// @param volume what is attached; empty if that is not known any more
  Outcome detach(Struct attachment, Optional<AttachableVolume> volume) {
    Meta meta = Meta.of(attachment);
    if (meta.isBeingDeleted()) {
      return Outcome.DONE; // the driver is at it
    }
    long now = world.nanoTime();
    Duration unused =
        Duration.ofNanos(now - since.computeIfAbsent(meta.uid(), _ -> world.nanoTime()));
    Struct known = nodes.find("", attachment.string("spec", "nodeName"));
    String force = force(known, unused);
    boolean patient = force.isEmpty();
    if (patient && isInUse(known, attachment)) {
      return later(known, unused);
    }
    Struct node = attached.withhold(attachment, volume);
    if (patient && isInUse(node, attachment)) {
      attached.release(attachment);
      return later(node, unused);
    }
    if (!patient && isInUse(node, attachment) && forced.add(meta.uid())) {
      metrics.forced(force);
    }
    detaching.putIfAbsent(meta.uid(), now);
    delete(meta);
    return Outcome.DONE;
  }

  /// The informer tells when the attachment is gone.
  private void delete(Meta attachment) {
    try {
      api.delete(
          StorageResources.ATTACHMENTS,
          "",
          attachment.name(),
          DeleteOptions.withUid(attachment.uid()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
  }

  /// An attachment is gone.
  void gone(Struct attachment) {
    Long begun = detaching.remove(Meta.of(attachment).uid());
    if (begun != null) {
      metrics.detached(
          attachment.string("spec", "attacher"), Duration.ofNanos(world.nanoTime() - begun));
    }
    forget(attachment);
  }

  /// An attachment is of use again.
  void forget(Struct attachment) {
    String uid = Meta.of(attachment).uid();
    since.remove(uid);
    forced.remove(uid);
  }

  /// The node tells when it has given the volume back; that it will not do so any more, only time
  /// can tell.
  private static Outcome later(@Nullable Struct node, Duration unused) {
    return node == null || Meta.isTrue(node, "Ready")
        ? Outcome.DONE
        : Outcome.again(PATIENCE.minus(unused).plusMillis(1));
  }

  /// Why a node need not be waited for; empty if it must.
  private static String force(@Nullable Struct node, Duration unused) {
    if (node == null) {
      return "";
    }
    if (node.structs("spec", "taints").stream()
        .anyMatch(taint -> taint.string("key").equals(OUT_OF_SERVICE))) {
      return "out-of-service";
    }
    return !Meta.isTrue(node, "Ready") && unused.compareTo(PATIENCE) > 0 ? "timeout" : "";
  }

  private static boolean isInUse(@Nullable Struct node, Struct attachment) {
    return node != null
        && node.strings("status", "volumesInUse").stream()
            .map(AttachableVolume::parse)
            .flatMap(Optional::stream)
            .anyMatch(
                volume ->
                    volume.attachmentName(Meta.of(node).name()).equals(Meta.of(attachment).name()));
  }
}
