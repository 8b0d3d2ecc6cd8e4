package dev.tiphys.controllers.common;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.ObjectIndex;
import java.util.List;

/// What the controllers of one process see of the cluster: each resource once, and the indices that
/// keep a reconcile from looking at more than its own objects.
///
/// Threads: any.
public final class ClusterView {

  private final Informers informers;
  private final OwnerIndex pods;
  private final OwnerIndex replicaSets;
  private final ObjectIndex podsByNode;

  public ClusterView(Informers informers) {
    this.informers = informers;
    this.pods = new OwnerIndex(informers.of(ApiResource.PODS));
    this.replicaSets = new OwnerIndex(informers.of(ApiResource.REPLICA_SETS));
    this.podsByNode =
        informers
            .of(ApiResource.PODS)
            .index(
                pod -> {
                  String node = pod.string("spec", "nodeName");
                  return node.isEmpty() ? List.of() : List.of(node);
                });
  }

  public Informer of(ApiResource resource) {
    return informers.of(resource);
  }

  /// Pods, by the object that manages them.
  public OwnerIndex pods() {
    return pods;
  }

  /// ReplicaSets, by the object that manages them.
  public OwnerIndex replicaSets() {
    return replicaSets;
  }

  /// Pods, by the name of the node they are bound to.
  public ObjectIndex podsByNode() {
    return podsByNode;
  }
}
