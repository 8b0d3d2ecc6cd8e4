package dev.tiphys.scheduler.plugins.spread;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.object.selector.Requirement;
import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which Pods belong together: those of one ReplicaSet, StatefulSet or ReplicationController, and
/// of the same Services. Pods that belong together are spread by default.
///
/// Threads: any.
final class DefaultSelectors {

  private final ObjectIndex services;
  private final Informer replicaSets;
  private final Informer statefulSets;
  private final Informer replicationControllers;

  DefaultSelectors(Informers informers) {
    this.services =
        informers.of(ApiResource.SERVICES).index(service -> List.of(Meta.of(service).namespace()));
    this.replicaSets = informers.of(ApiResource.REPLICA_SETS);
    this.statefulSets = informers.of(ApiResource.STATEFUL_SETS);
    this.replicationControllers = informers.of(ApiResource.REPLICATION_CONTROLLERS);
  }

  /// What Pods must be like to belong with this one; empty if it belongs with no other.
  List<Requirement> requirements(PodInfo pod) {
    List<Requirement> all = new ArrayList<>();
    Struct labels = pod.template().labels();
    for (Struct service : services.with(pod.key().namespace())) {
      Struct wanted = service.struct("spec", "selector");
      LabelSelector selector = LabelSelector.ofLabels(wanted);
      if (!wanted.isEmpty() && selector.matches(labels)) {
        all.addAll(selector.requirements());
      }
    }
    Struct owner = Meta.of(pod.object()).controller();
    if (owner != null) {
      all.addAll(ofOwner(pod.key().namespace(), owner));
    }
    return List.copyOf(all);
  }

  private List<Requirement> ofOwner(String namespace, Struct owner) {
    return switch (owner.string("apiVersion") + "/" + owner.string("kind")) {
      case "apps/v1/ReplicaSet" -> selector(replicaSets.find(namespace, owner.string("name")));
      case "apps/v1/StatefulSet" -> selector(statefulSets.find(namespace, owner.string("name")));
      case "v1/ReplicationController" -> {
        Struct found = replicationControllers.find(namespace, owner.string("name"));
        yield found == null
            ? List.of()
            : LabelSelector.ofLabels(found.struct("spec", "selector")).requirements();
      }
      default -> List.of();
    };
  }

  private static List<Requirement> selector(@Nullable Struct owner) {
    return owner == null
        ? List.of()
        : LabelSelector.from(owner.struct("spec", "selector")).requirements();
  }
}
