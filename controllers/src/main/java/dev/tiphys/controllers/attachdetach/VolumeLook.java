package dev.tiphys.controllers.attachdetach;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One look at one volume: where it is needed, where it is attached, and what is done next.
///
/// Threads: any, one for each volume.
final class VolumeLook {

  private static final String MANAGED = "volumes.kubernetes.io/controller-managed-attach-detach";

  private static final Set<String> SHARED = Set.of("ReadWriteMany", "ReadOnlyMany");

  private final Api api;
  private final Informer nodes;
  private final Informer attachments;
  private final Informer drivers;
  private final VolumeUsers users;
  private final AttachedVolumes attached;
  private final Detaching detaching;
  private final Attaching attaching;
  private final AttachEvents events;

  /// The nodes whose Pods were told that a volume is taken.
  private final Map<AttachableVolume, Set<String>> refused = new ConcurrentHashMap<>();

  VolumeLook(
      Api api,
      ClusterView cluster,
      VolumeUsers users,
      AttachedVolumes attached,
      Attaching attaching,
      Detaching detaching,
      AttachEvents events) {
    this.api = api;
    this.nodes = cluster.of(ApiResource.NODES);
    this.attachments = cluster.of(StorageResources.ATTACHMENTS);
    this.drivers = cluster.of(StorageResources.DRIVERS);
    this.users = users;
    this.attached = attached;
    this.detaching = detaching;
    this.events = events;
    this.attaching = attaching;
  }

  /// Whether a node leaves it to this controller what is attached to it.
  static boolean isManaged(Struct node) {
    return Meta.of(node).annotations().has(MANAGED);
  }

  /// Who uses a volume on a node, and by which PersistentVolume.
  private record Use(Struct persistent, List<Struct> pods) {}

  /// Does what can be done now for a volume.
  ///
  /// @param persistent the PersistentVolumes that are this volume
  Outcome at(AttachableVolume volume, List<Struct> persistent) {
    Map<String, Use> uses = uses(persistent);
    Map<String, Struct> present = present(volume, persistent);
    refused.computeIfPresent(
        volume, (_, told) -> told.retainAll(uses.keySet()) && told.isEmpty() ? null : told);
    Outcome next = Outcome.DONE;
    for (var entry : present.entrySet()) {
      if (!uses.containsKey(entry.getKey())) {
        attaching.forget(entry.getValue());
        next = sooner(next, detaching.detach(entry.getValue(), Optional.of(volume)));
      }
    }
    for (var entry : uses.entrySet()) {
      next = sooner(next, provide(volume, entry.getKey(), entry.getValue(), uses, present));
    }
    return next;
  }

  private Map<String, Use> uses(List<Struct> persistent) {
    Map<String, Use> uses = new LinkedHashMap<>();
    for (Struct each : persistent) {
      users
          .users(each)
          .forEach(
              (node, pods) ->
                  uses.computeIfAbsent(node, _ -> new Use(each, new ArrayList<>()))
                      .pods
                      .addAll(pods));
    }
    return uses;
  }

  /// The attachments that there are, by node. One that was asked for counts, though no informer may
  /// show it yet.
  private Map<String, Struct> present(AttachableVolume volume, List<Struct> persistent) {
    Map<String, Struct> present = new TreeMap<>();
    for (Struct each : persistent) {
      for (Struct attachment : attached.ofVolume(Meta.of(each).name())) {
        String node = attachment.string("spec", "nodeName");
        if (Meta.of(attachment).name().equals(volume.attachmentName(node))) {
          present.put(node, attachment);
        }
      }
    }
    for (String node : attaching.asked(volume)) {
      String name = volume.attachmentName(node);
      Struct shown = attachments.find("", name);
      Struct attachment = shown == null ? api.find(StorageResources.ATTACHMENTS, "", name) : shown;
      if (shown != null || attachment == null) {
        attaching.settled(volume, node);
      }
      if (attachment != null) {
        present.put(node, attachment);
      }
    }
    return present;
  }

  /// Sees to it that a volume is attached where it is used.
  private Outcome provide(
      AttachableVolume volume,
      String node,
      Use use,
      Map<String, Use> uses,
      Map<String, Struct> present) {
    Struct attachment = present.get(node);
    if (attachment != null && attached.isWithheld(attachment)) {
      attachment = wantedAgain(attachment);
    }
    if (attachment != null) {
      detaching.forget(attachment);
      return attaching.check(use.persistent, volume, attachment, use.pods);
    }
    present.remove(node);
    Struct known = nodes.find("", node);
    if (known == null || !isManaged(known) || !attaches(volume)) {
      return Outcome.DONE;
    }
    if (present.isEmpty() || isShared(use.persistent)) {
      present.put(node, attaching.attach(use.persistent, volume, node, use.pods));
    } else if (present.values().stream().noneMatch(this::isEnding)
        && refused.computeIfAbsent(volume, _ -> ConcurrentHashMap.newKeySet()).add(node)) {
      List<Struct> others =
          present.keySet().stream()
              .map(uses::get)
              .filter(Objects::nonNull)
              .flatMap(other -> other.pods.stream())
              .toList();
      events.taken(Meta.of(use.persistent).name(), use.pods, others);
    }
    return Outcome.DONE; // the attachments tell how it goes on
  }

  /// An attachment that was to end, and may have ended without an answer. Returns it as it is now.
  private @Nullable Struct wantedAgain(Struct attachment) {
    Struct now = api.find(StorageResources.ATTACHMENTS, "", Meta.of(attachment).name());
    if (now != null && !Meta.of(now).isBeingDeleted()) {
      attached.release(attachment);
    }
    return now;
  }

  private boolean isEnding(Struct attachment) {
    return Meta.of(attachment).isBeingDeleted() || attached.isWithheld(attachment);
  }

  /// Whether several nodes may have a volume at a time.
  private static boolean isShared(Struct volume) {
    List<String> modes = volume.strings("spec", "accessModes");
    return modes.isEmpty() || modes.stream().anyMatch(SHARED::contains);
  }

  /// An attachment is gone.
  void gone(Struct attachment) {
    attaching.forget(attachment);
    detaching.gone(attachment);
    attached.release(attachment);
  }

  private static Outcome sooner(Outcome one, Outcome other) {
    return switch (one) {
      case Outcome.Again(var first)
          when !(other instanceof Outcome.Again(var second)) || first.compareTo(second) < 0 ->
          one;
      case Outcome.Again _, Outcome.Done _, Outcome.Retry _ -> other;
    };
  }

  private boolean attaches(AttachableVolume volume) {
    Struct driver = drivers.find("", volume.driver());
    return driver == null
        || !driver.has("spec", "attachRequired")
        || driver.bool("spec", "attachRequired");
  }
}
