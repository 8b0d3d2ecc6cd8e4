package dev.tiphys.storage.snapshotter;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;

/// What VolumeSnapshots and VolumeSnapshotContents say of each other.
final class SnapshotKinds {

  private static final String PREFIX = "snapshot.storage.kubernetes.io/";

  /// On a VolumeSnapshot: volumes may be made of it.
  static final String AS_SOURCE = PREFIX + "volumesnapshot-as-source-protection";

  /// On a VolumeSnapshot: it has a content.
  static final String BOUND = PREFIX + "volumesnapshot-bound-protection";

  /// On a VolumeSnapshotContent: there is a snapshot.
  static final String CONTENT = PREFIX + "volumesnapshotcontent-bound-protection";

  /// On a VolumeSnapshotContent: the node that the snapshot is on.
  static final String NODE = PREFIX + "managed-by";

  static final String BEING_DELETED = PREFIX + "volumesnapshot-being-deleted";
  static final String DEFAULT_CLASS = PREFIX + "is-default-class";

  private SnapshotKinds() {}

  /// The name of the content of a VolumeSnapshot.
  static String contentOf(Struct snapshot) {
    String bound = snapshot.string("status", "boundVolumeSnapshotContentName");
    String named = snapshot.string("spec", "source", "volumeSnapshotContentName");
    if (!bound.isEmpty() || !named.isEmpty()) {
      return bound.isEmpty() ? named : bound;
    }
    return "snapcontent-" + Meta.of(snapshot).uid();
  }

  /// The VolumeSnapshot of a content.
  static ObjectKey ownerOf(Struct content) {
    Struct reference = content.struct("spec", "volumeSnapshotRef");
    return new ObjectKey(reference.string("namespace"), reference.string("name"));
  }

  /// Whether a content is a VolumeSnapshot's own, or is kept for it.
  static boolean isFor(Struct content, Struct snapshot) {
    String uid = content.string("spec", "volumeSnapshotRef", "uid");
    return ownerOf(content).equals(ObjectKey.of(snapshot))
        && (uid.isEmpty() || uid.equals(Meta.of(snapshot).uid()));
  }

  static boolean deletes(Struct content) {
    return content.string("spec", "deletionPolicy").equals("Delete");
  }
}
