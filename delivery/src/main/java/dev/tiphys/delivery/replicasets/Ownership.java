package dev.tiphys.delivery.replicasets;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.PatchType;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;

/// Which ReplicaSets belong to a Rollout: it adopts those that its selector matches and no owner
/// manages, and lets go those that it no longer matches.
public final class Ownership {

  private static final String ORPHANS_OF = "orphans/";

  private final Api api;
  private final ObjectIndex index;

  /// @param replicaSets all of the cluster; not started yet
  public Ownership(Api api, Informer replicaSets) {
    this.api = api;
    this.index = replicaSets.index(set -> List.of(place(set)));
  }

  private static String place(Struct set) {
    Meta meta = Meta.of(set);
    Struct controller = meta.controller();
    return controller == null ? ORPHANS_OF + meta.namespace() : controller.string("uid");
  }

  public List<ReplicaSet> of(Rollout rollout) {
    LabelSelector selector = rollout.selector();
    Meta owner = rollout.meta();
    List<ReplicaSet> all = new ArrayList<>();
    for (Struct set : index.with(owner.uid())) {
      if (selector.matches(Meta.of(set).labels())) {
        all.add(new ReplicaSet(set));
      } else {
        release(owner, set);
      }
    }
    for (Struct orphan : index.with(ORPHANS_OF + owner.namespace())) {
      Meta meta = Meta.of(orphan);
      if (!meta.isBeingDeleted() && selector.matches(meta.labels())) {
        adopt(owner, orphan, all);
      }
    }
    return all;
  }

  private void adopt(Meta owner, Struct orphan, List<ReplicaSet> all) {
    Struct live = api.find(DeliveryResources.ROLLOUTS, owner.namespace(), owner.name());
    if (live == null
        || !Meta.of(live).uid().equals(owner.uid())
        || Meta.of(live).isBeingDeleted()) {
      return; // what it would adopt now would be collected as garbage
    }
    patch(orphan, owner.asController(), all);
  }

  private void release(Meta owner, Struct set) {
    patch(
        set,
        new StructBuilder().add("$patch", "delete").add("uid", owner.uid()).build(),
        new ArrayList<>());
  }

  private void patch(Struct set, Struct reference, List<ReplicaSet> all) {
    Meta meta = Meta.of(set);
    Struct patch =
        Struct.of("metadata", Struct.of("ownerReferences", List.of(reference), "uid", meta.uid()));
    try {
      all.add(
          new ReplicaSet(
              api.patch(
                  ApiResource.REPLICA_SETS,
                  meta.namespace(),
                  meta.name(),
                  "",
                  PatchType.STRATEGIC,
                  patch)));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.INVALID, Reason.CONFLICT)) { // else it is another's by now
        throw e;
      }
    }
  }
}
