package dev.tiphys.controllers.attachdetach;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.Optional;
import java.util.stream.Stream;

/// Ends attachments that were made here and whose PersistentVolume is gone: no Pod can use them any
/// more. What others have made under names of their own is theirs.
///
/// Threads: any, one for each attachment.
final class Dangling {

  private final Api api;
  private final Informer nodes;
  private final AttachedVolumes attached;
  private final Detaching detaching;

  Dangling(Api api, Informer nodes, AttachedVolumes attached, Detaching detaching) {
    this.api = api;
    this.nodes = nodes;
    this.attached = attached;
    this.detaching = detaching;
  }

  Outcome look(Struct attachment) {
    if (!AttachableVolume.isAttachmentName(Meta.of(attachment).name())
        || attached.volumeOf(attachment).isPresent()
        || exists(attachment)) {
      return Outcome.DONE;
    }
    return detaching.detach(attachment, reported(attachment));
  }

  /// Whether the volume is there, though not known here yet.
  private boolean exists(Struct attachment) {
    String name = attachment.string("spec", "source", "persistentVolumeName");
    String node = attachment.string("spec", "nodeName");
    return attachment.has("spec", "source", "inlineVolumeSpec")
        || api
            .list(
                ApiResource.PERSISTENT_VOLUMES, "", ListOptions.withFields("metadata.name=" + name))
            .items()
            .stream()
            .map(AttachableVolume::of)
            .flatMap(Optional::stream)
            .anyMatch(volume -> volume.attachmentName(node).equals(Meta.of(attachment).name()));
  }

  /// What the node calls the volume, if it knows it.
  private Optional<AttachableVolume> reported(Struct attachment) {
    String name = attachment.string("spec", "nodeName");
    Struct node = nodes.find("", name);
    return node == null
        ? Optional.empty()
        : Stream.concat(
                node.structs("status", "volumesAttached").stream().map(each -> each.string("name")),
                node.strings("status", "volumesInUse").stream())
            .map(AttachableVolume::parse)
            .flatMap(Optional::stream)
            .filter(volume -> volume.attachmentName(name).equals(Meta.of(attachment).name()))
            .findFirst();
  }
}
