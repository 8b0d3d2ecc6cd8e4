package dev.tiphys.controllers.endpoints;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.Debounce;
import dev.tiphys.controllers.endpoints.SlicePlan.Group;
import dev.tiphys.controllers.endpoints.SlicePlan.Step;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Keeps the EndpointSlices of Services with a selector.
///
/// Cost of a reconcile: the Pods that the Service selects and its slices; see also [Debounce].
public final class EndpointSliceController implements Component {

  private static final String NAME = "endpointslice-controller";
  private static final String MANAGER = "endpointslice-controller.k8s.io";
  private static final String HEADLESS = "service.kubernetes.io/headless";

  /// As upstream: what fails is less often tried again than elsewhere, since each look is costly.
  private static final RetryPolicy RETRY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofSeconds(1000));

  private final Informer services;
  private final ServicePods pods;
  private final SliceWriter slices;
  private final Controller controller;
  private final EventRecorder events;
  private final HintedServices hints;
  private final EndpointSliceMetrics metrics;
  private final ZoneShares zones;
  private final TriggerTimes triggers = new TriggerTimes();

  public EndpointSliceController(
      World world,
      Api api,
      ClusterView cluster,
      ServicePods pods,
      EndpointSliceMetrics metrics,
      int workers) {
    this.metrics = metrics;
    this.services = cluster.of(ApiResource.SERVICES);
    this.pods = pods;
    this.controller = new Controller(NAME, world, workers, RETRY, this::reconcile);
    this.slices =
        new SliceWriter(
            world, api, MANAGER, cluster.of(ApiResource.ENDPOINT_SLICES), this::enqueue);
    this.events = new EventRecorder(world, api, "endpoint-slice-controller", "");
    this.hints = new HintedServices(events);
    this.zones = new ZoneShares(cluster.of(ApiResource.NODES), this::zonesChanged);
    pods.listen(this::enqueue);
  }

  private void zonesChanged(long revision) {
    if (!hints.isEmpty()) {
      hints.affected(zones.all()).forEach(service -> controller.queue().add(service, revision));
    }
  }

  private void enqueue(ObjectKey service, long revision) {
    int places = 0;
    for (Struct slice : slices.of(service)) {
      places += slice.list("endpoints").size();
    }
    Debounce.add(controller.queue(), service, revision, places);
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct service = services.find(key);
    // Slices of a Service that is gone are garbage, and collected as such.
    if (service == null) {
      hints.forget(key);
      triggers.forget(key);
      metrics.forget(key);
      return Outcome.DONE;
    }
    if (service.struct("spec", "selector").isEmpty()
        || service.string("spec", "type").equals("ExternalName")
        || Meta.of(service).isBeingDeleted()) {
      metrics.forget(key);
      return Outcome.DONE;
    }
    Duration wait = slices.wait(key);
    if (!wait.isZero()) {
      return Outcome.again(wait);
    }
    List<Struct> selected = pods.podsOf(service);
    String trigger = triggers.next(service, selected);
    Map<Group, List<Struct>> wanted = wanted(service, selected);
    List<Struct> present = List.copyOf(slices.of(key));
    List<Step> plan = SlicePlan.of(wanted, present);
    List<Step> steps = hints.hint(service, families(service), zones.all(), plan);
    try {
      slices.write(
          key, new SliceWriter.Parent(service, labels(service), Struct.EMPTY, trigger), steps);
      metrics.looked(key, service, wanted, present, steps);
    } catch (ApiException e) {
      metrics.failed();
      events.warning(
          service,
          "FailedToUpdateEndpointSlices",
          "Error updating Endpoint Slices for Service %s: %s".formatted(key, e.message()));
      throw e;
    }
    return Outcome.DONE;
  }

  private Map<Group, List<Struct>> wanted(Struct service, List<Struct> selected) {
    Map<Group, List<Struct>> wanted = new LinkedHashMap<>();
    for (String family : families(service)) {
      boolean any = false;
      for (Struct pod : selected) {
        Endpoint endpoint = new Endpoint(service, pod);
        if (endpoint.exists() && !endpoint.address(family).isEmpty()) {
          wanted
              .computeIfAbsent(new Group(family, endpoint.ports()), _ -> new ArrayList<>())
              .add(endpoint.inSlice(family, pods.zoneOf(endpoint.node())));
          any = true;
        }
      }
      if (!any) {
        wanted.put(new Group(family, List.of()), List.of());
      }
    }
    return wanted;
  }

  private static List<String> families(Struct service) {
    List<String> families = service.strings("spec", "ipFamilies");
    return families.isEmpty() ? List.of("IPv4") : families;
  }

  private static Struct labels(Struct service) {
    StructBuilder labels = StructBuilder.from(Meta.of(service).labels().without(HEADLESS));
    if (service.string("spec", "clusterIP").equals("None")) {
      labels.add(HEADLESS, "");
    }
    return labels.build();
  }

  @Override
  public void close() {
    controller.close();
    events.close();
  }
}
