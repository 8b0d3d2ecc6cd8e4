package dev.tiphys.delivery.measuring;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Measures what AnalysisRuns ask for until they are over, and removes those that outlived their
/// time.
///
/// Only this writes their status: a status is written as it was worked out, whatever a person
/// changes in the spec meanwhile, so that no measurement is taken twice for that.
///
/// Threads: any.
public final class AnalysisController implements AutoCloseable {

  private static final String NAME = "analysis-controller";

  /// Many, since each may wait for a slow answer.
  private static final int WORKERS = 30;

  private final World world;
  private final Api api;
  private final Informer runs;
  private final EventRecorder events;
  private final Providers providers;
  private final Charge charge;
  private final Controller controller;

  /// Which states are older than what was written.
  private final Map<ObjectKey, Long> written = new ConcurrentHashMap<>();

  /// @param informers not started yet
  /// @param events where they are told
  /// @param providers what takes measurements
  public AnalysisController(
      World world,
      Api api,
      Informers informers,
      EventRecorder events,
      Providers providers,
      Charge charge) {
    this.world = world;
    this.api = api;
    this.events = events;
    this.providers = providers;
    this.charge = charge;
    this.runs = informers.of(DeliveryResources.ANALYSIS_RUNS);
    this.controller = new Controller(NAME, world, WORKERS, this::reconcile);
    runs.listen(Informer.Listener.ofAll(controller::enqueue));
    informers.of(ApiResource.JOBS).listen(Informer.Listener.ofAll(this::ownerOf));
    charge.onChange(() -> runs.list().forEach(controller::enqueue));
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
  }

  private void ownerOf(Struct job) {
    Meta meta = Meta.of(job);
    Struct owner = meta.controller();
    if (owner != null && owner.string("kind").equals(DeliveryResources.ANALYSIS_RUNS.kind())) {
      controller
          .queue()
          .add(new ObjectKey(meta.namespace(), owner.string("name")), meta.revision());
    }
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    Struct run = runs.find(key);
    if (run == null) {
      written.remove(key);
      return Outcome.DONE;
    }
    Meta meta = Meta.of(run);
    if (!charge.isOurs()
        || meta.isBeingDeleted()
        || meta.revision() < written.getOrDefault(key, 0L)) {
      return Outcome.DONE;
    }
    AnalysisPhase phase = AnalysisPhase.of(run.string("status", "phase"));
    if (phase != null && phase.isComplete()) {
      return expire(run, phase);
    }
    RunLook look = new RunLook(world, api, events, providers, run);
    Instant next = look.take();
    write(run, look.status());
    return next == null ? Outcome.DONE : Outcome.again(until(next));
  }

  private Duration until(Instant when) {
    Duration left = Duration.between(world.now(), when);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void write(Struct run, Struct status) {
    StatusDraft draft = new StatusDraft(run.struct("status"));
    draft.replace(status);
    Struct patch = draft.patch();
    if (patch.isEmpty()) {
      return;
    }
    Meta meta = Meta.of(run);
    try {
      Struct stored =
          api.patch(
              DeliveryResources.ANALYSIS_RUNS,
              meta.namespace(),
              meta.name(),
              "status",
              PatchType.MERGE,
              Struct.of("metadata", Struct.of("uid", meta.uid()), "status", patch));
      written.merge(ObjectKey.of(run), Meta.of(stored).revision(), Math::max);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  /// Deletes a run that is over, when its time has come.
  private Outcome expire(Struct run, AnalysisPhase phase) {
    Long seconds = lifetime(run.struct("spec", "ttlStrategy"), phase);
    Instant completed = Timestamps.of(run.get("status", "completedAt"));
    if (seconds == null || completed == null) {
      return Outcome.DONE;
    }
    Instant end = completed.plusSeconds(seconds);
    if (end.isAfter(world.now())) {
      return Outcome.again(until(end));
    }
    Meta meta = Meta.of(run);
    try {
      api.delete(
          DeliveryResources.ANALYSIS_RUNS,
          meta.namespace(),
          meta.name(),
          DeleteOptions.withUid(meta.uid()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
    return Outcome.DONE;
  }

  private static @Nullable Long lifetime(Struct strategy, AnalysisPhase phase) {
    String special =
        switch (phase) {
          case SUCCESSFUL -> "secondsAfterSuccess";
          case FAILED -> "secondsAfterFailure";
          default -> "secondsAfterCompletion";
        };
    String field = strategy.has(special) ? special : "secondsAfterCompletion";
    return strategy.has(field) ? Long.valueOf(strategy.integer(field)) : null;
  }

  @Override
  public void close() {
    controller.close();
  }
}
