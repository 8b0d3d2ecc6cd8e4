package dev.tiphys.controllers.endpoints;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.selector.LabelSelector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which Pods a Service selects, and which Services select a Pod.
///
/// Pods are found by their labels, and Services by the first label they select by: so neither is
/// ever searched for among all of a namespace.
///
/// Threads: any.
public final class ServicePods {

  private static final String ZONE = "topology.kubernetes.io/zone";

  private final Informer services;
  private final Informer nodes;
  private final ClusterView cluster;
  private final ObjectIndex servicesByLabel;

  /// Told of a Service that is to be looked at, and of the revision that is reacted to.
  interface Enqueue {
    void enqueue(ObjectKey service, long revision);
  }

  public ServicePods(ClusterView cluster) {
    this.cluster = cluster;
    this.services = cluster.of(ApiResource.SERVICES);
    this.nodes = cluster.of(ApiResource.NODES);
    this.servicesByLabel = services.index(ServicePods::firstLabel);
  }

  private static List<String> labels(String namespace, Struct labels) {
    List<String> values = new ArrayList<>(labels.size());
    for (String key : labels.names()) {
      values.add(label(namespace, key, labels));
    }
    return values;
  }

  private static String label(String namespace, String key, Struct labels) {
    return namespace + "/" + key + "=" + labels.string(key);
  }

  private static List<String> firstLabel(Struct service) {
    Struct selector = service.struct("spec", "selector");
    return selector.isEmpty()
        ? List.of()
        : List.of(label(Meta.of(service).namespace(), selector.name(0), selector));
  }

  /// The Pods that a Service selects, in no order.
  List<Struct> podsOf(Struct service) {
    Struct selector = service.struct("spec", "selector");
    return selector.isEmpty()
        ? List.of()
        : cluster.podsMatching(Meta.of(service).namespace(), LabelSelector.ofLabels(selector));
  }

  /// The zone that a node is in; empty if it says none.
  String zoneOf(String node) {
    Struct found = nodes.find("", node);
    return found == null ? "" : Meta.of(found).label(ZONE);
  }

  /// Tells `enqueue` of each Service that changes, or whose Pods do.
  void listen(Enqueue enqueue) {
    services.listen(
        Informer.Listener.ofAll(
            service -> enqueue.enqueue(ObjectKey.of(service), Meta.of(service).revision())));
    cluster.of(ApiResource.PODS).listen(new PodListener(enqueue));
    nodes.listen(new NodeListener(enqueue));
  }

  private void tell(Set<ObjectKey> keys, Struct cause, Enqueue enqueue) {
    keys.forEach(key -> enqueue.enqueue(key, Meta.of(cause).revision()));
  }

  private void addServicesOf(Struct pod, Set<ObjectKey> keys) {
    Struct labels = Meta.of(pod).labels();
    for (String label : labels(Meta.of(pod).namespace(), labels)) {
      for (Struct service : servicesByLabel.with(label)) {
        if (LabelSelector.ofLabels(service.struct("spec", "selector")).matches(labels)) {
          keys.add(ObjectKey.of(service));
        }
      }
    }
  }

  private final class PodListener implements Informer.Listener {
    private final Enqueue enqueue;

    PodListener(Enqueue enqueue) {
      this.enqueue = enqueue;
    }

    @Override
    public void added(Struct pod) {
      changed(pod, pod, pod);
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (Endpoint.differs(before, now)) {
        changed(before, now, now);
      }
    }

    @Override
    public void deleted(Struct last) {
      changed(last, last, last);
    }

    private void changed(Struct before, Struct now, Struct cause) {
      Set<ObjectKey> keys = new HashSet<>();
      addServicesOf(before, keys);
      addServicesOf(now, keys);
      tell(keys, cause, enqueue);
    }
  }

  private final class NodeListener implements Informer.Listener {
    private final Enqueue enqueue;

    NodeListener(Enqueue enqueue) {
      this.enqueue = enqueue;
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (Meta.of(before).label(ZONE).equals(Meta.of(now).label(ZONE))) {
        return;
      }
      Set<ObjectKey> keys = new HashSet<>();
      cluster.podsByNode().with(Meta.of(now).name()).forEach(pod -> addServicesOf(pod, keys));
      tell(keys, now, enqueue);
    }
  }
}
