package dev.tiphys.controllers.garbage;

import dev.tiphys.client.Api;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.List;
import java.util.Set;

/// Takes references to owners, and finalizers, out of objects.
///
/// @param api in whose name
record References(Api api) {

  private static final int TRIES = 5;

  /// Removes an object's references to some owners, whatever else is in it.
  void remove(Node node, Set<String> owners) {
    List<Struct> deletions =
        owners.stream()
            .map(uid -> new StructBuilder().add("$patch", "delete").add("uid", uid).build())
            .toList();
    Struct patch =
        Struct.of("metadata", Struct.of("uid", node.uid(), "ownerReferences", deletions));
    try {
      api.patch(node.resource(), node.namespace(), node.name(), "", PatchType.STRATEGIC, patch);
    } catch (ApiException e) {
      switch (e.reason()) {
        case NOT_FOUND -> {}
        case UNSUPPORTED_MEDIA_TYPE -> removeFromCustom(node, owners);
        default -> throw e;
      }
    }
  }

  /// Custom resources know no way to name a single element of a list.
  private void removeFromCustom(Node node, Set<String> owners) {
    Struct live = api.find(node.resource(), node.namespace(), node.name());
    if (live == null || !Meta.of(live).uid().equals(node.uid())) {
      return;
    }
    List<Struct> kept =
        Meta.of(live).owners().stream()
            .filter(owner -> !owners.contains(owner.string("uid")))
            .toList();
    merge(node, live, "ownerReferences", kept);
  }

  /// Lets owners no longer wait for an object.
  void unblock(Node node, Struct live) {
    List<Struct> free =
        Meta.of(live).owners().stream()
            .map(
                owner ->
                    owner.has("blockOwnerDeletion")
                        ? owner.with("blockOwnerDeletion", false)
                        : owner)
            .toList();
    merge(node, live, "ownerReferences", free);
  }

  /// Removes a finalizer, if it is there.
  void removeFinalizer(Node node, String finalizer) {
    for (int tries = 1; ; tries++) {
      Struct live = api.find(node.resource(), node.namespace(), node.name());
      if (live == null
          || !Meta.of(live).uid().equals(node.uid())
          || !Meta.of(live).finalizers().contains(finalizer)) {
        return;
      }
      List<String> kept =
          Meta.of(live).finalizers().stream().filter(each -> !each.equals(finalizer)).toList();
      try {
        merge(node, live, "finalizers", kept);
        return;
      } catch (ApiException e) {
        if (e.is(Reason.NOT_FOUND)) {
          return;
        }
        if (!e.is(Reason.CONFLICT) || tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private void merge(Node node, Struct live, String field, List<?> value) {
    Struct metadata = Struct.of("resourceVersion", Meta.of(live).resourceVersion(), field, value);
    api.patch(
        node.resource(),
        node.namespace(),
        node.name(),
        "",
        PatchType.MERGE,
        Struct.of("metadata", metadata));
  }
}
