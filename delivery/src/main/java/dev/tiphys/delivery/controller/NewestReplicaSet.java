package dev.tiphys.delivery.controller;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.replicasets.NewReplicaSet;
import dev.tiphys.delivery.replicasets.TemplateHash;
import dev.tiphys.delivery.replicasets.Templates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ReplicaSet of a Rollout's wanted template: found, or made without Pods.
///
/// @param api what it is made with
/// @param rollout whose it is
/// @param sets all that the Rollout has
record NewestReplicaSet(Api api, Rollout rollout, List<ReplicaSet> sets) {

  /// What came of it.
  sealed interface Result {
    record Found(ReplicaSet set) implements Result {}

    record Created(ReplicaSet set) implements Result {}

    /// Another template has this one's hash: it is told apart by a number.
    record Collision() implements Result {}

    /// It is there already, and not shown yet.
    record Unseen() implements Result {}

    record Refused(String name, ApiException why) implements Result {}
  }

  Result ensure() {
    Struct template = Templates.complete(rollout.template());
    ReplicaSet present = find(template);
    if (present != null) {
      List<ReplicaSet> others =
          sets.stream().filter(set -> !set.name().equals(present.name())).toList();
      Struct updated = NewReplicaSet.updated(present, rollout, others);
      return new Result.Found(
          updated.equals(present.object())
              ? present
              : new ReplicaSet(api.update(ApiResource.REPLICA_SETS, updated)));
    }
    String hash = TemplateHash.of(template, rollout.status().integer("collisionCount"));
    Struct wanted = NewReplicaSet.of(rollout, template, hash, sets);
    try {
      return new Result.Created(new ReplicaSet(api.create(ApiResource.REPLICA_SETS, wanted)));
    } catch (ApiException e) {
      return e.is(Reason.ALREADY_EXISTS)
          ? taken(Meta.of(wanted).name(), template)
          : new Result.Refused(Meta.of(wanted).name(), e);
    }
  }

  private @Nullable ReplicaSet find(Struct template) {
    return sets.stream()
        .filter(set -> Templates.complete(Templates.original(set)).equals(template))
        .min(ReplicaSet.BY_AGE)
        .orElse(null);
  }

  private Result taken(String name, Struct template) {
    Struct holder = api.find(ApiResource.REPLICA_SETS, rollout.namespace(), name);
    boolean ours =
        holder == null
            || (Meta.of(holder).isControlledBy(rollout.meta().uid())
                && Templates.complete(Templates.original(new ReplicaSet(holder))).equals(template));
    return ours ? new Result.Unseen() : new Result.Collision();
  }
}
