package dev.tiphys.controllers.attachdetach;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What nodes are told is attached to them (`status.volumesAttached`).
///
/// A node begins to use a volume in two steps: it says that the volume is in use, and then looks
/// whether it is attached. A volume is detached in two steps that cross these: the node is told
/// that it is not attached, and then looked at for whether it says to use it. So one of both sees
/// the other, whatever happens between the steps: all writes here are conditional.
///
/// Threads: any.
final class AttachedVolumes {

  private final Api api;
  private final Informer volumes;
  private final ObjectIndex attachmentsByNode;
  private final ObjectIndex attachmentsByVolume;

  /// The uids of the attachments that end, and that nodes must not rely on any more.
  private final Set<String> withheld = ConcurrentHashMap.newKeySet();

  AttachedVolumes(Api api, Informer volumes, Informer attachments) {
    this.api = api;
    this.volumes = volumes;
    this.attachmentsByNode =
        attachments.index(attachment -> List.of(attachment.string("spec", "nodeName")));
    this.attachmentsByVolume =
        attachments.index(
            attachment -> List.of(attachment.string("spec", "source", "persistentVolumeName")));
  }

  /// The attachments to a node, of whatever origin.
  List<Struct> onNode(String node) {
    return attachmentsByNode.with(node);
  }

  /// The attachments that name a PersistentVolume, of whatever origin.
  List<Struct> ofVolume(String name) {
    return attachmentsByVolume.with(name);
  }

  /// Tells a node what is attached to it.
  ///
  /// @param node as it is known
  void report(Struct node) {
    List<Struct> attached = attached(Meta.of(node).name());
    if (!attached.equals(node.structs("status", "volumesAttached"))) {
      write(node, attached);
    }
  }

  /// Tells a node that a volume is not attached any more. Returns the node as it is then; null if
  /// it is gone.
  @Nullable Struct withhold(Struct attachment, Optional<AttachableVolume> volume) {
    withheld.add(Meta.of(attachment).uid());
    String name = attachment.string("spec", "nodeName");
    Struct node = api.find(ApiResource.NODES, "", name);
    if (node == null || volume.isEmpty()) {
      return node;
    }
    List<Struct> told = node.structs("status", "volumesAttached");
    List<Struct> rest =
        told.stream()
            .filter(each -> !each.string("name").equals(volume.get().uniqueName()))
            .toList();
    return rest.size() == told.size() ? node : write(node, rest);
  }

  /// Whether an attachment is about to end, or was.
  boolean isWithheld(Struct attachment) {
    return withheld.contains(Meta.of(attachment).uid());
  }

  /// An attachment stays, or is gone for good.
  void release(Struct attachment) {
    withheld.remove(Meta.of(attachment).uid());
  }

  private List<Struct> attached(String node) {
    return onNode(node).stream()
        .filter(attachment -> attachment.bool("status", "attached"))
        .filter(attachment -> !Meta.of(attachment).isBeingDeleted() && !isWithheld(attachment))
        .map(attachment -> volumeOf(attachment).map(AttachableVolume::uniqueName))
        .flatMap(Optional::stream)
        .distinct()
        .sorted(Comparator.naturalOrder())
        .map(name -> new StructBuilder().add("name", name).add("devicePath", "").build())
        .toList();
  }

  /// The volume that an attachment made here is about; empty if that is not known any more.
  Optional<AttachableVolume> volumeOf(Struct attachment) {
    Struct volume = volumes.find("", attachment.string("spec", "source", "persistentVolumeName"));
    String node = attachment.string("spec", "nodeName");
    return volume == null
        ? Optional.empty()
        : AttachableVolume.of(volume)
            .filter(each -> each.attachmentName(node).equals(Meta.of(attachment).name()));
  }

  private Struct write(Struct node, List<Struct> attached) {
    Meta meta = Meta.of(node);
    Struct patch =
        Struct.of(
            "metadata",
            Struct.of("resourceVersion", meta.resourceVersion()),
            "status",
            Struct.of("volumesAttached", attached));
    return api.patch(ApiResource.NODES, "", meta.name(), "status", PatchType.MERGE, patch);
  }
}
