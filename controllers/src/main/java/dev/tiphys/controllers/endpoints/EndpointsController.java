package dev.tiphys.controllers.endpoints;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.Debounce;
import dev.tiphys.controllers.common.PodWriter;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps the Endpoints of Services with a selector, for clients that do not know EndpointSlices
/// yet.
///
/// Cost of a reconcile: the Pods that the Service selects; see also [Debounce].
public final class EndpointsController implements Component {

  private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
  private static final String HEADLESS = "service.kubernetes.io/headless";

  /// An object must not grow without bound; clients that need more use EndpointSlices.
  private static final int MOST = 1000;

  private final Api api;
  private final Informer services;
  private final Informer informer;
  private final ServicePods pods;
  private final Controller controller;
  private final TriggerTimes triggers = new TriggerTimes();

  public EndpointsController(
      World world, Api api, ClusterView cluster, ServicePods pods, int workers) {
    this.api = api;
    this.services = cluster.of(ApiResource.SERVICES);
    this.informer = cluster.of(ApiResource.ENDPOINTS);
    this.pods = pods;
    this.controller = new Controller("endpoint-controller", world, workers, this::reconcile);
    informer.listen(Informer.Listener.ofAll(controller::enqueue));
    pods.listen(this::enqueue);
  }

  private void enqueue(ObjectKey service, long revision) {
    Struct present = informer.find(service);
    int places = 0;
    if (present != null) {
      for (Struct subset : present.structs("subsets")) {
        places += subset.list("addresses").size() + subset.list("notReadyAddresses").size();
      }
    }
    Debounce.add(controller.queue(), service, revision, places);
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct service = services.find(key);
    Struct present = informer.find(key);
    try {
      if (service == null) {
        triggers.forget(key);
        deleteOurs(present);
      } else if (!service.struct("spec", "selector").isEmpty()
          && !service.string("spec", "type").equals("ExternalName")) {
        keep(service, present);
      }
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND) && !PodWriter.isNamespaceEnding(e)) {
        throw e;
      }
    }
    return Outcome.DONE;
  }

  /// Endpoints that another program keeps, under a name that never was a Service's, are left alone.
  private void deleteOurs(@Nullable Struct present) {
    if (present != null && !Meta.of(present).label(MANAGED_BY).isEmpty()) {
      Meta meta = Meta.of(present);
      api.delete(
          ApiResource.ENDPOINTS,
          meta.namespace(),
          meta.name(),
          DeleteOptions.DEFAULT.ofUid(meta.uid()));
    }
  }

  private void keep(Struct service, @Nullable Struct present) {
    Meta meta = Meta.of(service);
    Struct bare =
        Struct.of(
            "apiVersion",
            ApiResource.ENDPOINTS.apiVersion(),
            "kind",
            ApiResource.ENDPOINTS.kind(),
            "metadata",
            Struct.of("name", meta.name(), "namespace", meta.namespace()));
    List<Struct> selected = pods.podsOf(service);
    String trigger = triggers.next(service, selected);
    Struct wanted = filled(present == null ? bare : present, service, selected);
    if (present == null) {
      api.create(ApiResource.ENDPOINTS, TriggerTimes.annotated(wanted, trigger));
    } else if (!TriggerTimes.without(wanted).equals(TriggerTimes.without(present))) {
      api.update(ApiResource.ENDPOINTS, TriggerTimes.annotated(wanted, trigger));
    }
  }

  private Struct filled(Struct object, Struct service, List<Struct> selected) {
    List<Endpoint> places = places(service, selected);
    List<Endpoint> most = places.subList(0, Math.min(places.size(), MOST));
    List<Struct> subsets = subsets(most, family(service));
    Struct next = subsets.isEmpty() ? object.without("subsets") : object.with("subsets", subsets);
    next = next.withAt(labels(service), "metadata", "labels");
    return places.size() > MOST
        ? Meta.withAnnotation(next, OVER_CAPACITY, "truncated")
        : next.withoutAt("metadata", "annotations", OVER_CAPACITY);
  }

  private static String family(Struct service) {
    List<String> families = service.strings("spec", "ipFamilies");
    return families.isEmpty() ? "IPv4" : families.getFirst();
  }

  /// The places in a fixed order, those that are ready first.
  private List<Endpoint> places(Struct service, List<Struct> selected) {
    boolean leavingToo = service.bool("spec", "publishNotReadyAddresses");
    String family = family(service);
    return selected.stream()
        .filter(pod -> leavingToo || !Meta.of(pod).isBeingDeleted())
        .map(pod -> new Endpoint(service, pod))
        .filter(place -> place.exists() && !place.address(family).isEmpty())
        .sorted(
            Comparator.comparing((Endpoint place) -> !place.isReady())
                .thenComparing(place -> place.address(family))
                .thenComparing(place -> Meta.of(place.pod()).uid()))
        .toList();
  }

  private static List<Struct> subsets(List<Endpoint> places, String family) {
    Map<List<Struct>, List<Endpoint>> byPorts = new LinkedHashMap<>();
    for (Endpoint place : places) {
      byPorts.computeIfAbsent(place.ports(), _ -> new ArrayList<>()).add(place);
    }
    List<Struct> subsets = new ArrayList<>();
    byPorts.forEach((ports, group) -> subsets.add(subset(ports, group, family)));
    return subsets;
  }

  private static Struct subset(List<Struct> ports, List<Endpoint> places, String family) {
    return new StructBuilder()
        .addUnlessEmpty("addresses", addresses(places, true, family))
        .addUnlessEmpty("notReadyAddresses", addresses(places, false, family))
        .addUnlessEmpty("ports", ports.stream().map(EndpointsController::named).toList())
        .build();
  }

  private static List<Struct> addresses(List<Endpoint> places, boolean ready, String family) {
    return places.stream()
        .filter(place -> place.isReady() == ready)
        .map(place -> place.inEndpoints(family))
        .toList();
  }

  /// A port without a name simply has none here.
  private static Struct named(Struct port) {
    return port.string("name").isEmpty() ? port.without("name") : port;
  }

  private static Struct labels(Struct service) {
    StructBuilder labels =
        StructBuilder.from(Meta.of(service).labels()).add(MANAGED_BY, "endpoint-controller");
    if (service.string("spec", "clusterIP").equals("None")) {
      labels.add(HEADLESS, "");
    }
    return labels.build();
  }

  @Override
  public void close() {
    controller.close();
  }
}
