package dev.tiphys.controllers.deployment;

import dev.tiphys.client.ApiResource;
import dev.tiphys.controllers.common.Templates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.List;

/// The ReplicaSet that a Deployment makes for a Pod template it has none for.
final class NewReplicaSet {

  private NewReplicaSet() {}

  static Struct of(Deployment deployment, long replicas, long revision) {
    Meta owner = deployment.meta();
    String hash =
        Templates.hash(deployment.template(), deployment.status().integer("collisionCount"));
    Struct template =
        deployment.template().withAt(hash, "metadata", "labels", Templates.HASH_LABEL);
    Struct selector =
        deployment
            .object()
            .struct("spec", "selector")
            .withAt(hash, "matchLabels", Templates.HASH_LABEL);
    Struct metadata =
        new StructBuilder()
            .add("name", owner.name() + "-" + hash)
            .add("namespace", owner.namespace())
            .add("labels", template.struct("metadata", "labels"))
            .add("ownerReferences", List.of(owner.asController()))
            .build();
    StructBuilder spec =
        new StructBuilder()
            .add("replicas", replicas)
            .add("selector", selector)
            .add("template", template);
    long minReady = deployment.minReadySeconds();
    if (minReady > 0) {
      spec.add("minReadySeconds", minReady);
    }
    Struct replicaSet =
        new StructBuilder()
            .add("apiVersion", ApiResource.REPLICA_SETS.apiVersion())
            .add("kind", ApiResource.REPLICA_SETS.kind())
            .add("metadata", metadata)
            .add("spec", spec.build())
            .build();
    return Annotations.withSize(Annotations.asNewest(replicaSet, deployment, revision), deployment);
  }

  /// A ReplicaSet that exists, brought up to date with its Deployment.
  static Struct updated(ReplicaSet existing, Deployment deployment, long revision) {
    Struct marked = Annotations.asNewest(existing.object(), deployment, revision);
    long minReady = deployment.minReadySeconds();
    return marked.integer("spec", "minReadySeconds") == minReady
        ? marked
        : marked.withAt(minReady, "spec", "minReadySeconds");
  }
}
