package dev.tiphys.controllers.autoscaling;

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
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Gives each HorizontalPodAutoscaler's target the size that its metrics ask for, every 15 seconds.
///
/// Cost: for each autoscaler in each period one read of its target's Scale, one of each metric, and
/// a few steps for each of the Pods. Only what changes is written.
public final class HorizontalPodAutoscalerController implements Component {

  public static final String NAME = "horizontal-pod-autoscaler";

  private static final Duration PERIOD = Duration.ofSeconds(15);

  private final World world;
  private final Api api;
  private final AutoscalerMetrics metrics;
  private final Informer autoscalers;
  private final EventRecorder events;
  private final Scaling scaling;
  private final Selectors selectors = new Selectors();
  private final Map<ObjectKey, History> histories = new ConcurrentHashMap<>();
  private final Controller controller;

  public HorizontalPodAutoscalerController(
      World world, Api api, ClusterView cluster, AutoscalerMetrics metrics, int workers) {
    this.world = world;
    this.api = api;
    this.metrics = metrics;
    this.autoscalers = cluster.of(ApiResource.HORIZONTAL_POD_AUTOSCALERS);
    this.events = new EventRecorder(world, api, NAME, "");
    this.scaling = new Scaling(world, api, cluster, events, selectors, metrics);
    this.controller =
        new Controller(
            NAME,
            world.background(),
            workers,
            RetryPolicy.between(PERIOD, PERIOD),
            this::reconcile);
    autoscalers.listen(new Listener());
    metrics.count(autoscalers);
  }

  private final class Listener implements Informer.Listener {
    @Override
    public void added(Struct autoscaler) {
      controller.queue().addAfter(ObjectKey.of(autoscaler), PERIOD);
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct object = autoscalers.find(key);
    if (object == null) {
      histories.remove(key);
      selectors.remove(key);
      return Outcome.DONE;
    }
    History history = histories.computeIfAbsent(key, _ -> new History());
    Effect effect = new Effect();
    long begin = world.nanoTime();
    try {
      Struct status = scaling.scale(new Autoscaler(object), history, effect);
      if (!Meta.same(object.struct("status"), status)) {
        write(object.with("status", status));
      }
    } catch (ApiException e) {
      effect.failed(false);
      throw e;
    } finally {
      metrics.reconciled(effect, world.nanoTime() - begin);
    }
    return Outcome.again(PERIOD);
  }

  private void write(Struct autoscaler) {
    try {
      api.update(ApiResource.HORIZONTAL_POD_AUTOSCALERS, autoscaler, "status");
    } catch (ApiException e) {
      events.warning(autoscaler, "FailedUpdateStatus", e.message());
      throw e;
    }
  }

  @Override
  public void close() {
    controller.close();
    events.close();
  }
}
