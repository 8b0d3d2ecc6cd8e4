package dev.tiphys.controllers.endpoints;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.Debounce;
import dev.tiphys.controllers.common.Expectations;
import dev.tiphys.controllers.common.PodWriter;
import dev.tiphys.controllers.endpoints.SlicePlan.Group;
import dev.tiphys.controllers.endpoints.SlicePlan.Step;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
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
  private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String HEADLESS = "service.kubernetes.io/headless";

  /// As upstream: what fails is less often tried again than elsewhere, since each look is costly.
  private static final RetryPolicy RETRY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofSeconds(1000));

  private final Api api;
  private final Informer services;
  private final ServicePods pods;
  private final ObjectIndex slices;
  private final Expectations expectations;
  private final Controller controller;

  public EndpointSliceController(
      World world, Api api, ClusterView cluster, ServicePods pods, int workers) {
    this.api = api;
    this.services = cluster.of(ApiResource.SERVICES);
    this.pods = pods;
    this.expectations = new Expectations(world);
    this.controller = new Controller(NAME, world, workers, RETRY, this::reconcile);
    Informer informer = cluster.of(ApiResource.ENDPOINT_SLICES);
    this.slices =
        informer.index(slice -> isOurs(slice) ? List.of(service(slice).toString()) : List.of());
    informer.listen(new SliceListener());
    pods.listen(this::enqueue);
  }

  private static boolean isOurs(Struct slice) {
    return Meta.of(slice).label(MANAGED_BY).equals(MANAGER);
  }

  private static ObjectKey service(Struct slice) {
    return new ObjectKey(Meta.of(slice).namespace(), Meta.of(slice).label(SERVICE_NAME));
  }

  private void enqueue(ObjectKey service, long revision) {
    int places = 0;
    for (Struct slice : slices.with(service.toString())) {
      places += slice.list("endpoints").size();
    }
    Debounce.add(controller.queue(), service, revision, places);
  }

  private final class SliceListener implements Informer.Listener {
    @Override
    public void added(Struct slice) {
      expectations.seen(service(slice), Meta.of(slice).uid());
      changed(slice);
    }

    @Override
    public void updated(Struct before, Struct now) {
      changed(before);
      changed(now);
    }

    @Override
    public void deleted(Struct last) {
      expectations.leaving(Meta.of(last).uid());
      changed(last);
    }

    private void changed(Struct slice) {
      if (isOurs(slice)) {
        enqueue(service(slice), Meta.of(slice).revision());
      }
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct service = services.find(key);
    // Slices of a Service that is gone are garbage, and collected as such.
    if (service == null
        || service.struct("spec", "selector").isEmpty()
        || service.string("spec", "type").equals("ExternalName")
        || Meta.of(service).isBeingDeleted()) {
      return Outcome.DONE;
    }
    Duration wait = expectations.wait(key);
    if (!wait.isZero()) {
      return Outcome.again(wait);
    }
    for (Step step : SlicePlan.of(wanted(service), slices.with(key.toString()))) {
      apply(key, service, step);
    }
    return Outcome.DONE;
  }

  private Map<Group, List<Struct>> wanted(Struct service) {
    Map<Group, List<Struct>> wanted = new LinkedHashMap<>();
    List<Struct> selected = pods.podsOf(service);
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

  private void apply(ObjectKey key, Struct service, Step step) {
    switch (step) {
      case Step.Create(Group group, List<Struct> endpoints) ->
          create(key, service, group, endpoints);
      case Step.Update(Struct slice, List<Struct> endpoints) -> {
        Struct next =
            slice
                .with("endpoints", List.copyOf(endpoints))
                .withAt(labels(service), "metadata", "labels");
        if (!next.equals(slice)) {
          api.update(ApiResource.ENDPOINT_SLICES, next);
        }
      }
      case Step.Delete(Struct slice) -> delete(key, Meta.of(slice));
    }
  }

  private void create(ObjectKey key, Struct service, Group group, List<Struct> endpoints) {
    Meta meta = Meta.of(service);
    Struct metadata =
        new StructBuilder()
            .add("generateName", meta.name() + "-")
            .add("namespace", meta.namespace())
            .add("labels", labels(service))
            .add("ownerReferences", List.of(meta.asController()))
            .build();
    Struct slice =
        new StructBuilder()
            .add("apiVersion", ApiResource.ENDPOINT_SLICES.apiVersion())
            .add("kind", ApiResource.ENDPOINT_SLICES.kind())
            .add("metadata", metadata)
            .add("addressType", group.family())
            .add("endpoints", endpoints)
            .add("ports", group.ports())
            .build();
    expectations.creating(key);
    try {
      Struct created = api.create(ApiResource.ENDPOINT_SLICES, slice);
      expectations.created(key, Meta.of(created).uid());
    } catch (ApiException e) {
      expectations.notCreated(key);
      if (!PodWriter.isNamespaceEnding(e)) {
        throw e;
      }
    }
  }

  private void delete(ObjectKey key, Meta slice) {
    expectations.deleting(key, slice.uid());
    try {
      api.delete(
          ApiResource.ENDPOINT_SLICES,
          slice.namespace(),
          slice.name(),
          DeleteOptions.DEFAULT.ofUid(slice.uid()));
    } catch (ApiException e) {
      expectations.leaving(slice.uid());
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  private static Struct labels(Struct service) {
    StructBuilder labels =
        StructBuilder.from(Meta.of(service).labels().without(HEADLESS))
            .add(SERVICE_NAME, Meta.of(service).name())
            .add(MANAGED_BY, MANAGER);
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
