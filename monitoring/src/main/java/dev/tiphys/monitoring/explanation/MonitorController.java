package dev.tiphys.monitoring.explanation;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.prometheus.Verdicts;
import dev.tiphys.monitoring.selection.Objects;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;

/// Says of each object of a kind how it fares: in its status, and by events. It looks when a
/// Prometheus thinks otherwise of it, or what it selects changes.
///
/// Threads: any.
public final class MonitorController implements AutoCloseable {

  /// Changes of what is selected come in bursts.
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final ApiResource resource;
  private final Objects objects;
  private final Charge charge;
  private final MonitorStatus status;
  private final Controller controller;

  /// @param resource the kind of objects; no informer is started yet
  public MonitorController(
      World world,
      Api api,
      ApiResource resource,
      Objects objects,
      Verdicts verdicts,
      Explanation explanation,
      EventRecorder events,
      Charge charge) {
    this.resource = resource;
    this.objects = objects;
    this.charge = charge;
    this.status = new MonitorStatus(world, api, verdicts, explanation, events);
    this.controller = new Controller(resource.plural(), world, 1, this::reconcile);
    objects.kind(resource).listen(Informer.Listener.ofAll(controller::enqueue));
    verdicts.onChange(
        each -> {
          if (each.resource().equals(resource)) {
            controller.queue().add(each.key(), 0);
          }
        });
    switch (resource.kind()) {
      case "ServiceMonitor" -> {
        objects.around(ApiResource.SERVICES).listen(onSelected());
        objects.around(ApiResource.ENDPOINT_SLICES).listen(Informer.Listener.ofAll(this::near));
      }
      case "PodMonitor" -> objects.around(ApiResource.PODS).listen(onSelected());
      default -> {}
    }
  }

  /// Status is of no interest.
  private Informer.Listener onSelected() {
    return new Informer.Listener() {
      @Override
      public void added(Struct object) {
        near(object);
      }

      @Override
      public void updated(Struct before, Struct now) {
        if (!Meta.of(before).labels().equals(Meta.of(now).labels())
            || !before.struct("spec").equals(now.struct("spec"))) {
          near(now);
        }
      }

      @Override
      public void deleted(Struct last) {
        near(last);
      }
    };
  }

  /// Has those looked at that select from the namespace of an object, or have found nothing.
  private void near(Struct object) {
    for (Struct each : objects.kind(resource).list()) {
      Monitor monitor = new Monitor(resource, each);
      if (Namespaces.contain(Namespaces.of(monitor), object) || status.foundNothing(monitor)) {
        controller.queue().addAfter(monitor.key(), PAUSE);
      }
    }
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Monitor monitor = objects.find(new Monitor.Id(resource, key));
    if (monitor == null) {
      status.forget(key);
    } else if (charge.isOurs()) {
      status.write(monitor);
    }
    return Outcome.DONE;
  }

  @Override
  public void close() {
    controller.close();
  }
}
