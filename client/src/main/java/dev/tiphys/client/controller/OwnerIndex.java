package dev.tiphys.client.controller;

import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;

/// The objects of a resource, by the owner that manages them; and those that no owner manages, by
/// namespace.
///
/// Threads: any.
public final class OwnerIndex {

  private static final String ORPHANS_OF = "orphans/";

  private final ObjectIndex index;

  /// @param informer about all objects of the resource; not started yet
  public OwnerIndex(Informer informer) {
    this.index = informer.index(object -> List.of(placeOf(object)));
  }

  private static String placeOf(Struct object) {
    Meta meta = Meta.of(object);
    Struct controller = meta.controller();
    return controller == null ? ORPHANS_OF + meta.namespace() : controller.string("uid");
  }

  /// What the owner with this uid manages.
  public List<Struct> ownedBy(String uid) {
    return index.with(uid);
  }

  /// Those that no owner manages.
  public List<Struct> orphans(String namespace) {
    return index.with(ORPHANS_OF + namespace);
  }
}
