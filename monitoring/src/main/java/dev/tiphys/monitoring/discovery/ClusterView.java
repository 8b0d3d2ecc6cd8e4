package dev.tiphys.monitoring.discovery;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The objects that targets are found among.
///
/// Threads: any.
public final class ClusterView {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final Informers informers;
  private final ObjectIndex byService;
  private final ObjectIndex byPod;

  /// @param informers none of which is started yet
  public ClusterView(Informers informers) {
    this.informers = informers;
    Informer slices = of(ApiResource.ENDPOINT_SLICES);
    this.byService = slices.index(each -> List.of(serviceOf(each).toString()));
    this.byPod =
        slices.index(
            each ->
                each.structs("endpoints").stream()
                    .map(one -> one.struct("targetRef"))
                    .filter(one -> one.string("kind").equals("Pod"))
                    .map(one -> one.string("namespace") + "/" + one.string("name"))
                    .distinct()
                    .toList());
  }

  Informer of(ApiResource resource) {
    return informers.of(resource);
  }

  /// The Service that a slice is of.
  static ObjectKey serviceOf(Struct slice) {
    return new ObjectKey(Meta.of(slice).namespace(), Meta.of(slice).label(SERVICE_NAME));
  }

  List<Struct> slicesOf(ObjectKey service) {
    return byService.with(service.toString()).stream()
        .sorted(Comparator.comparing(ObjectKey::of))
        .toList();
  }

  /// The Services that lead to a Pod.
  List<ObjectKey> servicesOf(ObjectKey pod) {
    return byPod.with(pod.toString()).stream().map(ClusterView::serviceOf).distinct().toList();
  }

  /// The Pods of a node. They are looked through: few searches tell of nodes, which change seldom.
  List<ObjectKey> podsOn(String node) {
    return of(ApiResource.PODS).list().stream()
        .filter(each -> each.string("spec", "nodeName").equals(node))
        .map(ObjectKey::of)
        .toList();
  }

  @Nullable Struct pod(ObjectKey key) {
    return of(ApiResource.PODS).find(key);
  }

  @Nullable Struct node(String name) {
    return of(ApiResource.NODES).find(new ObjectKey("", name));
  }
}
