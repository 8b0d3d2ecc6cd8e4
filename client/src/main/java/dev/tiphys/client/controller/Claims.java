package dev.tiphys.client.controller;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Which objects belong to an owner: it adopts those that its selector matches and no owner
/// manages, and lets go those that it no longer matches.
///
/// An owner that is being deleted does neither.
public final class Claims {

  private final Api api;
  private final ApiResource ownerResource;
  private final ApiResource resource;

  /// @param ownerResource what the owners are
  /// @param resource what they own
  public Claims(Api api, ApiResource ownerResource, ApiResource resource) {
    this.api = api;
    this.ownerResource = ownerResource;
    this.resource = resource;
  }

  /// The objects that belong to `owner`, those that it adopts here among them. Costs one patch for
  /// each change, and one read if anything is adopted.
  public List<Struct> of(Struct owner, LabelSelector selector, OwnerIndex index) {
    return of(owner, object -> selector.matches(Meta.of(object).labels()), index);
  }

  /// The same, by more than labels.
  ///
  /// @param belongs whether an object is one that the owner wants
  public List<Struct> of(Struct owner, Predicate<Struct> belongs, OwnerIndex index) {
    Meta meta = Meta.of(owner);
    boolean leaving = meta.isBeingDeleted();
    List<Struct> claimed = new ArrayList<>();
    for (Struct object : index.ownedBy(meta.uid())) {
      if (belongs.test(object)) {
        claimed.add(object);
      } else if (!leaving) {
        release(meta, object);
      }
    }
    if (leaving) {
      return claimed;
    }
    boolean checked = false;
    for (Struct orphan : index.orphans(meta.namespace())) {
      Meta candidate = Meta.of(orphan);
      if (candidate.isBeingDeleted() || !belongs.test(orphan)) {
        continue;
      }
      if (!checked) {
        checkAlive(meta);
        checked = true;
      }
      adopt(meta, candidate, claimed);
    }
    return claimed;
  }

  /// An owner that was deleted, and whose end the informer does not show yet, must not adopt: its
  /// new objects would be collected as garbage.
  private void checkAlive(Meta owner) {
    Meta live = Meta.of(api.get(ownerResource, owner.namespace(), owner.name()));
    if (!live.uid().equals(owner.uid())) {
      throw ApiException.conflict(
          ownerResource.toString(),
          owner.name(),
          "original is gone: got uid " + live.uid() + ", wanted " + owner.uid());
    }
    if (live.isBeingDeleted()) {
      throw ApiException.conflict(
          ownerResource.toString(), owner.name(), "it has just been deleted");
    }
  }

  private void adopt(Meta owner, Meta object, List<Struct> claimed) {
    Struct patch =
        Struct.of(
            "metadata",
            Struct.of("ownerReferences", List.of(owner.asController()), "uid", object.uid()));
    try {
      claimed.add(patch(object, patch));
    } catch (ApiException e) {
      ignoreGone(e);
    }
  }

  private void release(Meta owner, Struct object) {
    Meta meta = Meta.of(object);
    Struct reference = new StructBuilder().add("$patch", "delete").add("uid", owner.uid()).build();
    Struct patch =
        Struct.of("metadata", Struct.of("ownerReferences", List.of(reference), "uid", meta.uid()));
    try {
      patch(meta, patch);
    } catch (ApiException e) {
      // Another uid, or no such reference any more: it has been released already.
      if (!e.is(Reason.INVALID, Reason.CONFLICT)) {
        ignoreGone(e);
      }
    }
  }

  private static void ignoreGone(ApiException e) {
    if (!e.is(Reason.NOT_FOUND)) {
      throw e;
    }
  }

  private Struct patch(Meta object, Struct patch) {
    return api.patch(resource, object.namespace(), object.name(), "", PatchType.STRATEGIC, patch);
  }
}
