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
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;

/// Keeps EndpointSlices for Endpoints that are written by hand, since proxies look at slices alone:
/// those of Services without a selector.
///
/// Cost of a reconcile: the addresses and slices of the Endpoints.
public final class EndpointSliceMirroringController implements Component {

  /// The controller's account.
  public static final String NAME = "endpointslicemirroring-controller";

  private static final String MANAGER = "endpointslicemirroring-controller.k8s.io";
  private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
  private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";
  private static final RetryPolicy RETRY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofSeconds(100));

  private final Informer services;
  private final Informer endpoints;
  private final World world;
  private final MirroringMetrics metrics;
  private final SliceWriter slices;
  private final EventRecorder events;
  private final Controller controller;

  public EndpointSliceMirroringController(
      World world, Api api, ClusterView cluster, MirroringMetrics metrics, int workers) {
    this.world = world;
    this.metrics = metrics;
    this.services = cluster.of(ApiResource.SERVICES);
    this.endpoints = cluster.of(ApiResource.ENDPOINTS);
    this.events = new EventRecorder(world, api, "endpoint-slice-mirroring-controller", "");
    this.controller = new Controller(NAME, world, workers, RETRY, this::reconcile);
    this.slices =
        new SliceWriter(
            world, api, MANAGER, cluster.of(ApiResource.ENDPOINT_SLICES), controller.queue()::add);
    endpoints.listen(Informer.Listener.ofAll(controller::enqueue));
    services.listen(Informer.Listener.ofAll(controller::enqueue));
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    long begun = world.nanoTime();
    try {
      return mirror(key);
    } finally {
      metrics.took(world.nanoTime() - begun);
    }
  }

  private Outcome mirror(ObjectKey key) {
    Struct service = services.find(key);
    Struct written = endpoints.find(key);
    if (service == null
        || !service.struct("spec", "selector").isEmpty()
        || written == null
        || !isToBeSeen(written)) {
      slices.delete(key);
      metrics.forget(key);
      return Outcome.DONE;
    }
    Duration wait = slices.wait(key);
    if (!wait.isZero()) {
      return Outcome.again(wait);
    }
    Mirror mirror = Mirror.of(written);
    if (mirror.invalid() > 0) {
      events.warning(
          written,
          "InvalidIPAddress",
          "Skipped %d invalid IP addresses when mirroring to EndpointSlices"
              .formatted(mirror.invalid()));
    }
    if (mirror.surplus() > 0) {
      events.warning(
          written,
          "TooManyAddressesToMirror",
          ("A max of %d addresses can be mirrored to EndpointSlices per Endpoints subset. %d"
                  + " addresses were skipped")
              .formatted(Mirror.MOST, mirror.surplus()));
    }
    List<Struct> present = slices.of(key);
    List<SlicePlan.Step> steps = SlicePlan.of(mirror.endpoints(), present);
    slices.write(
        key, new SliceWriter.Parent(written, mirror.labels(), mirror.annotations(), ""), steps);
    metrics.looked(key, mirror, present, steps);
    return Outcome.DONE;
  }

  private static boolean isToBeSeen(Struct endpoints) {
    Meta meta = Meta.of(endpoints);
    return !meta.label(SKIP).equals("true")
        && !meta.annotations().has(LEADER)
        && !meta.isBeingDeleted();
  }

  @Override
  public void close() {
    controller.close();
    events.close();
  }
}
