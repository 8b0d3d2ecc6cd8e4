package dev.tiphys.delivery.replicasets;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.List;

/// The ReplicaSet that a Rollout makes for a Pod template it has none for. Pure.
public final class NewReplicaSet {

  private NewReplicaSet() {}

  /// One without Pods, as the newest revision.
  ///
  /// @param template the Rollout's, with its defaults
  /// @param hash what tells the template from others
  /// @param others the Rollout's other ReplicaSets
  public static Struct of(Rollout rollout, Struct template, String hash, List<ReplicaSet> others) {
    Meta owner = rollout.meta();
    Struct pods =
        AntiAffinity.added(
            template.withAt(hash, "metadata", "labels", Labels.HASH),
            rollout.antiAffinity(),
            rollout.status().string("stableRS"));
    Struct metadata =
        new StructBuilder()
            .add("name", owner.name() + "-" + hash)
            .add("namespace", owner.namespace())
            .add("labels", pods.struct("metadata", "labels"))
            .add("ownerReferences", List.of(owner.asController()))
            .build();
    StructBuilder spec =
        new StructBuilder()
            .add("replicas", 0L)
            .add(
                "selector",
                rollout.spec().struct("selector").withAt(hash, "matchLabels", Labels.HASH))
            .add("template", pods);
    if (rollout.minReadySeconds() > 0) {
      spec.add("minReadySeconds", rollout.minReadySeconds());
    }
    Struct replicaSet =
        new StructBuilder()
            .add("apiVersion", ApiResource.REPLICA_SETS.apiVersion())
            .add("kind", ApiResource.REPLICA_SETS.kind())
            .add("metadata", metadata)
            .add("spec", spec.build())
            .build();
    return withSize(Revisions.asNewest(replicaSet, rollout, others), 0, rollout);
  }

  /// One that exists, brought up to date with its Rollout.
  public static Struct updated(ReplicaSet existing, Rollout rollout, List<ReplicaSet> others) {
    Struct marked = Revisions.asNewest(existing.object(), rollout, others);
    long minReady = rollout.minReadySeconds();
    return marked.integer("spec", "minReadySeconds") == minReady
        ? marked
        : marked.withAt(minReady, "spec", "minReadySeconds");
  }

  /// `replicaSet` with a size, and with the Rollout's noted.
  public static Struct withSize(Struct replicaSet, long replicas, Rollout rollout) {
    return Meta.withAnnotation(replicaSet, Labels.DESIRED, Long.toString(rollout.replicas()))
        .withAt(replicas, "spec", "replicas");
  }

  /// `replicaSet` with a time when it loses its Pods, or with none.
  public static Struct withDeadline(Struct replicaSet, String deadline) {
    return deadline.isEmpty()
        ? replicaSet.withoutAt("metadata", "annotations", Labels.DEADLINE)
        : Meta.withAnnotation(replicaSet, Labels.DEADLINE, deadline);
  }
}
