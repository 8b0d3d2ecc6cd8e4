package dev.tiphys.controllers.ttlafterfinished;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Deletes Jobs, with their Pods, as long after their end as they say.
///
/// Cost: nothing for Jobs that do not say so; a timer for each that does and has ended.
public final class TtlAfterFinishedController implements Component {

  public static final String NAME = "ttl-after-finished-controller";

  private final World world;
  private final Api api;
  private final Informer jobs;
  private final TtlMetrics metrics;
  private final Controller controller;

  public TtlAfterFinishedController(
      World world, Api api, ClusterView cluster, TtlMetrics metrics, int workers) {
    this.metrics = metrics;
    this.world = world;
    this.api = api;
    this.jobs = cluster.of(ApiResource.JOBS);
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    jobs.listen(
        Informer.Listener.ofAll(
            job -> {
              if (due(job) != null) {
                controller.enqueue(job);
              }
            }));
  }

  @Override
  public void start() {
    controller.start();
  }

  /// When a Job is to go; null if it stays.
  private static @Nullable Instant due(Struct job) {
    if (!job.has("spec", "ttlSecondsAfterFinished") || Meta.of(job).isBeingDeleted()) {
      return null;
    }
    for (String end : List.of("Complete", "Failed")) {
      Struct condition = Meta.condition(job, end);
      if (condition != null && condition.string("status").equals("True")) {
        Instant since = Timestamps.of(condition.get("lastTransitionTime"));
        return since == null
            ? null
            : since.plusSeconds(job.integer("spec", "ttlSecondsAfterFinished"));
      }
    }
    return null;
  }

  private Outcome reconcile(ObjectKey key) {
    Struct job = jobs.find(key);
    Instant due = job == null ? null : due(job);
    if (due == null) {
      return Outcome.DONE;
    }
    if (due.isAfter(world.now())) {
      return Outcome.again(Duration.between(world.now(), due));
    }
    Struct live = api.find(ApiResource.JOBS, key.namespace(), key.name());
    Instant dueNow = live == null ? null : due(live);
    if (live == null || dueNow == null) {
      return Outcome.DONE;
    }
    if (dueNow.isAfter(world.now())) {
      return Outcome.again(Duration.between(world.now(), dueNow));
    }
    try {
      api.delete(
          ApiResource.JOBS,
          key.namespace(),
          key.name(),
          DeleteOptions.withPropagation("Foreground").ofUid(Meta.of(live).uid()));
      metrics.deleted(Duration.between(dueNow, world.now()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
    return Outcome.DONE;
  }

  @Override
  public void close() {
    controller.close();
  }
}
