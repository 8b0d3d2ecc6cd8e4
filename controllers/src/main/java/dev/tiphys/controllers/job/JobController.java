package dev.tiphys.controllers.job;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Claims;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.CountedPods;
import dev.tiphys.controllers.common.Debounce;
import dev.tiphys.controllers.common.OwnWrites;
import dev.tiphys.controllers.common.OwnerHandler;
import dev.tiphys.controllers.common.Parallel;
import dev.tiphys.controllers.common.PodWriter;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Runs the Pods of Jobs until enough have succeeded, or too many have failed.
///
/// Never makes more than are wanted, nor counts one twice, however late its informer is
/// ([CountedPods], [Released]) and wherever it is stopped ([Accounting]).
///
/// Cost of a reconcile: a few passes over the Pods of the Job; see also [Debounce].
public final class JobController implements Component {

  public static final String NAME = "job-controller";

  private final World world;
  private final ClusterView cluster;
  private final Informer informer;
  private final EventRecorder events;
  private final CountedPods pods;
  private final Claims claims;
  private final Released released;
  private final Accounting accounting;
  private final JobMetrics metrics;
  private final Backoffs backoffs = new Backoffs();
  private final OwnWrites written = new OwnWrites();
  private final OrphanedPods orphans;
  private final Controller controller;

  public JobController(World world, Api api, ClusterView cluster, JobMetrics metrics, int workers) {
    this.world = world;
    this.metrics = metrics;
    this.cluster = cluster;
    this.informer = cluster.of(ApiResource.JOBS);
    this.events = new EventRecorder(world, api, NAME, "");
    this.pods = new CountedPods(world, new PodWriter(api, events));
    this.claims = new Claims(api, ApiResource.JOBS, ApiResource.PODS);
    this.released = new Released(api);
    this.accounting = new Accounting(world, api, released, metrics);
    this.orphans = new OrphanedPods(world, api, cluster, released);
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    informer.listen(Informer.Listener.ofAll(this::enqueue));
    informer.listen(metrics.new Managers());
    cluster.of(ApiResource.PODS).listen(metrics.new Finalizers());
    OwnerHandler owners =
        new OwnerHandler(
            informer,
            ApiResource.JOBS.apiVersion(),
            ApiResource.JOBS.kind(),
            job -> new Job(job).selector(),
            this::enqueue);
    cluster.of(ApiResource.PODS).listen(owners.listener(this::seen, this::gone));
  }

  private void seen(Struct pod) {
    released.seen(pod);
    pods.seen(pod, controller.queue());
  }

  private void gone(Struct pod) {
    released.gone(pod);
    pods.gone(pod);
  }

  private void enqueue(Struct job) {
    controller.enqueue(job);
  }

  private void enqueue(Struct job, long revision) {
    Debounce.add(controller.queue(), ObjectKey.of(job), revision, job.integer("status", "active"));
  }

  @Override
  public void start() {
    controller.start();
    orphans.start();
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    Struct object = informer.find(key);
    Job job = object == null ? null : new Job(object);
    if (job == null || job.isManagedElsewhere() || job.isFinished()) {
      backoffs.forget(key);
      written.forget(key);
      return Outcome.DONE;
    }
    if (written.isOutdated(job.object())) {
      return Outcome.DONE; // it does not say which Pods were counted
    }
    long begin = world.nanoTime();
    Look look = new Look(key, job);
    boolean success = false;
    try {
      Outcome outcome = look.take();
      success = outcome != Outcome.RETRY;
      return outcome;
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return Outcome.DONE; // it has gone meanwhile
      }
      throw e;
    } finally {
      metrics.looked(job, look.action, success, world.nanoTime() - begin);
    }
  }

  /// One look at one Job.
  private final class Look {
    private final ObjectKey key;
    private final Job job;
    private final Duration wait;
    private final Picture picture;
    private final StatusDraft draft;
    private JobMetrics.Action action;
    private @Nullable ApiException failure;
    private @Nullable Duration later;

    Look(ObjectKey key, Job job) {
      this.key = key;
      this.job = job;
      this.wait = pods.wait(key);
      this.action = wait.isZero() ? JobMetrics.Action.TRACKING : JobMetrics.Action.RECONCILING;
      Predicate<Struct> tracked = released.tracked();
      List<Struct> owned = claims.of(job.object(), job.selector(), cluster.pods());
      this.picture = new Picture(job, owned, tracked);
      this.draft = new StatusDraft(job);
    }

    Outcome take() throws InterruptedException {
      if (job.started() == null && !job.isSuspended()) {
        start();
      }
      draft.active = picture.active.size();
      draft.ready = picture.ready;
      draft.terminating = picture.terminating;
      Backoffs.Record backoff = backoffs.with(key, picture.newlySucceeded, picture.newlyFailed);
      Ending ending = Ending.of(picture, world.now());
      if (ending != null) {
        delete(picture.active);
      } else if (wait.isZero() && !job.meta().isBeingDeleted()) {
        ending = work(backoff);
      }
      try {
        accounting.settle(picture, draft, ending, wait.isZero());
      } finally {
        written.note(draft.job().object());
        metrics.counted(job, draft.job());
      }
      backoffs.keep(key, backoff);
      if (ending != null && draft.job().isFinished()) {
        tell(ending);
      }
      return outcome(ending == null);
    }

    private void start() {
      draft.put("startTime", Timestamps.seconds(world.now()));
    }

    /// Makes and deletes Pods. Returns how the Job ends if it has come to its end.
    private @Nullable Ending work(Backoffs.Record backoff) throws InterruptedException {
      Workforce force = Workforce.of(picture, backoff, world.now());
      later = force.later();
      if (!force.doomed().isEmpty()) {
        // They do no wrong, so they do not count.
        failure = Parallel.all(world, force.doomed(), released::release).error();
        delete(force.doomed());
      } else if (!force.wanted().isEmpty()) {
        Parallel.Result result = Parallel.slowStart(world, force.wanted(), this::create);
        draft.active += result.done();
        failure = result.error();
        action = JobMetrics.Action.PODS_CREATED;
      }
      if (isComplete()) {
        if (job.hasCompletions() && picture.succeeded > job.completions()) {
          events.warning(
              job.object(),
              "TooManySucceededPods",
              "Too many succeeded pods running after completion count reached");
        }
        return Ending.complete();
      }
      noteSuspension();
      return null;
    }

    private void create(Struct pod) {
      boolean success = false;
      try {
        pods.create(key, job.object(), pod);
        success = true;
      } finally {
        metrics.made(picture, success);
      }
    }

    private boolean isComplete() {
      return draft.active == 0
          && (job.hasCompletions()
              ? picture.succeeded >= job.completions()
              : picture.succeeded > 0);
    }

    private void noteSuspension() {
      Instant now = world.now();
      if (job.isSuspended()) {
        if (draft.put(
            Ending.condition("Suspended", "True", "JobSuspended", "Job suspended", now))) {
          events.normal(job.object(), "Suspended", "Job suspended");
        }
      } else if (draft.put(
          Ending.condition("Suspended", "False", "JobResumed", "Job resumed", now))) {
        events.normal(job.object(), "Resumed", "Job resumed");
        start();
      }
    }

    private void delete(List<Struct> doomed) throws InterruptedException {
      if (doomed.isEmpty()) {
        return;
      }
      action = JobMetrics.Action.PODS_DELETED;
      Parallel.Result result = pods.delete(key, job.object(), doomed);
      draft.active -= result.done();
      draft.terminating += result.done();
      draft.ready =
          Math.clamp(draft.ready - doomed.stream().filter(Pods::isReady).count(), 0, draft.active);
      failure = failure == null ? result.error() : failure;
    }

    private void tell(Ending ending) {
      backoffs.forget(key);
      metrics.finished(job, ending);
      if (ending.success()) {
        events.normal(job.object(), "Completed", "Job completed");
      } else {
        events.warning(job.object(), ending.reason(), ending.message());
      }
    }

    private Outcome outcome(boolean goesOn) {
      if (failure != null && !PodWriter.isNamespaceEnding(failure)) {
        return Outcome.RETRY;
      }
      Duration next = later;
      Instant deadline = job.deadline();
      if (deadline != null && goesOn) {
        next = sooner(next, Duration.between(world.now(), deadline));
      }
      if (!wait.isZero()) {
        next = sooner(next, wait);
      }
      return next == null || draft.job().isFinished() ? Outcome.DONE : Outcome.again(next);
    }

    private static Duration sooner(@Nullable Duration one, Duration other) {
      Duration least = one == null || other.compareTo(one) < 0 ? other : one;
      return least.isNegative() ? Duration.ZERO : least;
    }
  }

  @Override
  public void close() {
    controller.close();
    orphans.close();
    events.close();
  }
}
