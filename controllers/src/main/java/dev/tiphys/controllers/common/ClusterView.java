package dev.tiphys.controllers.common;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.controller.OwnerIndex;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.object.selector.Requirement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What the controllers of one process see of the cluster: each resource once, and the indices that
/// keep a reconcile from looking at more than its own objects.
///
/// Threads: any.
public final class ClusterView {

  private final Informers informers;
  private final OwnerIndex pods;
  private final OwnerIndex replicaSets;
  private final OwnerIndex controllerRevisions;
  private final OwnerIndex jobs;
  private final ObjectIndex podsByNode;
  private final ObjectIndex podsByLabel;

  public ClusterView(Informers informers) {
    this.informers = informers;
    this.pods = new OwnerIndex(informers.of(ApiResource.PODS));
    this.replicaSets = new OwnerIndex(informers.of(ApiResource.REPLICA_SETS));
    this.controllerRevisions = new OwnerIndex(informers.of(ApiResource.CONTROLLER_REVISIONS));
    this.jobs = new OwnerIndex(informers.of(ApiResource.JOBS));
    this.podsByNode =
        informers
            .of(ApiResource.PODS)
            .index(
                pod -> {
                  String node = pod.string("spec", "nodeName");
                  return node.isEmpty() ? List.of() : List.of(node);
                });
    this.podsByLabel =
        informers
            .of(ApiResource.PODS)
            .index(pod -> labels(Meta.of(pod).namespace(), Meta.of(pod).labels()));
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

  /// ControllerRevisions, by the object that manages them.
  public OwnerIndex controllerRevisions() {
    return controllerRevisions;
  }

  /// Jobs, by the object that manages them.
  public OwnerIndex jobs() {
    return jobs;
  }

  /// Pods, by the name of the node they are bound to.
  public ObjectIndex podsByNode() {
    return podsByNode;
  }

  /// Each label of an object, as [#podsByLabel] finds it.
  private static List<String> labels(String namespace, Struct labels) {
    List<String> values = new ArrayList<>(labels.size());
    for (String key : labels.names()) {
      values.add(label(namespace, key, labels.string(key)));
    }
    return values;
  }

  private static String label(String namespace, String key, String value) {
    return namespace + "/" + key + "=" + value;
  }

  /// The Pods of a namespace that a selector matches, in no order. Those with a label that it
  /// demands are looked at, or all of the namespace if it demands none.
  public List<Struct> podsMatching(String namespace, LabelSelector selector) {
    List<Struct> found = new ArrayList<>();
    for (Struct pod : candidates(namespace, selector)) {
      if (selector.matches(Meta.of(pod).labels())) {
        found.add(pod);
      }
    }
    return found;
  }

  private Collection<Struct> candidates(String namespace, LabelSelector selector) {
    for (Requirement requirement : selector.requirements()) {
      if (requirement.operator() == Requirement.Operator.IN && requirement.values().size() == 1) {
        String value = requirement.values().iterator().next();
        return podsByLabel.with(label(namespace, requirement.key(), value));
      }
    }
    return informers.of(ApiResource.PODS).list(namespace);
  }
}
