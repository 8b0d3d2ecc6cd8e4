package dev.tiphys.controllers.volumebinder;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;

/// What claims and volumes say of each other.
final class Binding {

  /// On a claim: it was bound once, and is to stay so.
  static final String COMPLETED = "pv.kubernetes.io/bind-completed";

  /// On a claim or a volume: its partner was chosen for it, and may be taken away again.
  static final String BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

  /// On a claim: the node for which a volume is to be made.
  static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  /// On a volume: what made it.
  static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

  private Binding() {}

  /// Whether a volume is a claim's own, or is kept for it.
  static boolean isKeptFor(Struct volume, Struct claim) {
    Struct reference = volume.struct("spec", "claimRef");
    Meta meta = Meta.of(claim);
    String uid = reference.string("uid");
    return reference.string("name").equals(meta.name())
        && reference.string("namespace").equals(meta.namespace())
        && (uid.isEmpty() || uid.equals(meta.uid()));
  }

  /// Whether a volume is a claim's own.
  static boolean isOf(Struct volume, Struct claim) {
    return volume.string("spec", "claimRef", "uid").equals(Meta.of(claim).uid());
  }

  /// Whether the partner of a claim or a volume was chosen by a controller.
  static boolean isChosen(Struct object) {
    return Meta.of(object).annotations().has(BY_CONTROLLER);
  }
}
