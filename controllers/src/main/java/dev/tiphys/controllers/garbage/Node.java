package dev.tiphys.controllers.garbage;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import java.util.List;

/// What the collector remembers of an object: little, since a cluster has many.
record Node(
    ApiResource resource,
    String namespace,
    String name,
    String uid,
    List<OwnerRef> owners,
    Life life) {

  static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";

  /// Where an object is in its life.
  enum Life {
    ALIVE,
    /// It is being deleted, and its dependents are no matter of it.
    LEAVING,
    /// It is being deleted, once its dependents are gone.
    AWAITING_DEPENDENTS,
    /// It is being deleted, once its dependents no longer refer to it.
    ORPHANING_DEPENDENTS
  }

  Node {
    owners = List.copyOf(owners);
  }

  static Node of(ApiResource resource, Struct object) {
    Struct metadata = object.struct("metadata");
    return new Node(
        resource,
        metadata.string("namespace"),
        metadata.string("name"),
        metadata.string("uid"),
        OwnerRef.of(metadata),
        lifeOf(metadata));
  }

  static Life lifeOf(Struct metadata) {
    if (!metadata.has("deletionTimestamp")) {
      return Life.ALIVE;
    }
    List<String> finalizers = metadata.strings("finalizers");
    if (finalizers.contains(FOREGROUND)) {
      return Life.AWAITING_DEPENDENTS;
    }
    return finalizers.contains(ORPHAN) ? Life.ORPHANING_DEPENDENTS : Life.LEAVING;
  }

  boolean awaitsDependents() {
    return life == Life.AWAITING_DEPENDENTS;
  }

  /// Whether anything depends on it or it on anything: other objects need not be remembered.
  boolean matters() {
    return !owners.isEmpty() || awaitsDependents() || life == Life.ORPHANING_DEPENDENTS;
  }

  boolean blocks(String owner) {
    return owners.stream().anyMatch(ref -> ref.uid().equals(owner) && ref.blocks());
  }
}
