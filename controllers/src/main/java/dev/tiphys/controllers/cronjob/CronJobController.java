package dev.tiphys.controllers.cronjob;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.OwnWrites;
import dev.tiphys.controllers.common.OwnerHandler;
import dev.tiphys.controllers.common.PodWriter;
import dev.tiphys.controllers.common.StatusWriter;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.cron.CronSchedule;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes Jobs when the schedules of CronJobs say so.
///
/// There is one Job for each time, however late the informer is, since the time is in its name.
///
/// Cost of a reconcile: the Jobs of the CronJob.
public final class CronJobController implements Component {

  public static final String NAME = "cronjob-controller";

  /// How long after a time it is looked whether it has come, so that it surely has.
  private static final Duration AFTER = Duration.ofMillis(100);

  private static final long MANY = 100;

  /// RFC 1123, as upstream tells times.
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final World world;
  private final Api api;
  private final ClusterView cluster;
  private final Informer informer;
  private final EventRecorder events;
  private final ZoneId zone;
  private final OwnWrites written = new OwnWrites();
  private final StatusWriter writer;
  private final CronJobMetrics metrics;
  private final Controller controller;

  public CronJobController(
      World world, Api api, ClusterView cluster, CronJobMetrics metrics, int workers) {
    this.metrics = metrics;
    this.world = world;
    this.api = api;
    this.cluster = cluster;
    this.informer = cluster.of(ApiResource.CRON_JOBS);
    this.events = new EventRecorder(world, api, NAME, "");
    this.zone = ZoneId.systemDefault();
    this.writer = new StatusWriter(api, ApiResource.CRON_JOBS);
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    informer.listen(new Changes());
    OwnerHandler owners =
        new OwnerHandler(
            informer,
            ApiResource.CRON_JOBS.apiVersion(),
            ApiResource.CRON_JOBS.kind(),
            _ -> LabelSelector.NOTHING,
            (owner, revision) -> controller.queue().add(ObjectKey.of(owner), revision));
    cluster.of(ApiResource.JOBS).listen(owners.listener(_ -> {}, _ -> {}));
  }

  /// A new schedule begins with its next time: those that it would have had count for nothing.
  private final class Changes implements Informer.Listener {
    @Override
    public void added(Struct object) {
      controller.enqueue(object);
    }

    @Override
    public void updated(Struct before, Struct now) {
      CronJob cron = new CronJob(now);
      if (cron.isDueAs(new CronJob(before))) {
        controller.enqueue(now);
        return;
      }
      try {
        Instant next = cron.schedule(zone).next(world.now());
        if (next != null) {
          controller.queue().addAfter(ObjectKey.of(now), untilAfter(next));
        }
      } catch (IllegalArgumentException e) {
        controller.enqueue(now); // where it is told
      }
    }
  }

  private Duration untilAfter(Instant due) {
    return Duration.between(world.now(), due).plus(AFTER);
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct object = informer.find(key);
    if (object == null) {
      written.forget(key);
      return Outcome.DONE;
    }
    if (written.isOutdated(object)) {
      return Outcome.DONE; // it does not say which Jobs were made
    }
    CronJob cron = new CronJob(object);
    List<Struct> jobs = cluster.jobs().ownedBy(cron.meta().uid());
    ActiveJobs active = new ActiveJobs(cron);
    Outcome outcome;
    try {
      follow(cron, jobs, active);
      outcome = cron.meta().isBeingDeleted() ? Outcome.DONE : run(cron, active);
      trim(cron, jobs, active, true);
      trim(cron, jobs, active, false);
    } finally {
      write(cron, active);
    }
    return outcome;
  }

  /// Brings the list of active Jobs up to date.
  private void follow(CronJob cron, List<Struct> jobs, ActiveJobs active) {
    Set<String> present = new HashSet<>();
    for (Struct job : jobs) {
      String uid = Meta.of(job).uid();
      present.add(uid);
      String end = endOf(job);
      if (end.isEmpty() && !active.contains(uid)) {
        events.warning(
            cron.object(),
            "UnexpectedJob",
            "Saw a job that the controller did not create or forgot: " + Meta.of(job).name());
      } else if (!end.isEmpty() && active.contains(uid)) {
        active.remove(uid);
        events.normal(
            cron.object(),
            "SawCompletedJob",
            "Saw completed job: " + Meta.of(job).name() + ", condition: " + end);
      }
      if (end.equals("Complete")) {
        active.succeeded(job);
      }
    }
    for (Struct reference : active.references()) {
      String name = reference.string("name");
      if (!present.contains(reference.string("uid"))
          && api.find(ApiResource.JOBS, cron.meta().namespace(), name) == null) {
        events.normal(cron.object(), "MissingJob", "Active job went missing: " + name);
        active.remove(reference.string("uid"));
      }
    }
  }

  /// The condition with which a Job has ended; empty if it has not.
  private static String endOf(Struct job) {
    return Meta.isTrue(job, "Complete") ? "Complete" : Meta.isTrue(job, "Failed") ? "Failed" : "";
  }

  /// Makes the Job that is due, if one is.
  private Outcome run(CronJob cron, ActiveJobs active) {
    CronSchedule schedule;
    try {
      schedule = cron.schedule(zone);
    } catch (IllegalArgumentException e) {
      events.warning(
          cron.object(),
          "UnparseableSchedule",
          "unparseable schedule: \"%s\" : %s"
              .formatted(cron.spec().string("schedule"), e.getMessage()));
      return Outcome.DONE;
    }
    if (cron.isSuspended()) {
      return Outcome.DONE;
    }
    Instant now = world.now();
    Instant due = due(cron, schedule, now);
    if (due != null && isWanted(cron, active, due, now)) {
      create(cron, active, due);
    }
    Instant next = schedule.next(now);
    return next == null ? Outcome.DONE : Outcome.again(untilAfter(next));
  }

  /// The last time that has come since a Job was made; null if none has.
  private @Nullable Instant due(CronJob cron, CronSchedule schedule, Instant now) {
    Instant since = cron.since();
    Long deadline = cron.startingDeadline();
    if (deadline != null && now.minusSeconds(deadline).isAfter(since)) {
      since = now.minusSeconds(deadline);
    }
    Instant due = schedule.last(since, now);
    if (due != null && missed(schedule, since, now) > MANY) {
      events.warning(
          cron.object(),
          "TooManyMissedTimes",
          "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check"
              + " clock skew");
    }
    return due;
  }

  /// About how many times have come, taking the first distance for all.
  private static long missed(CronSchedule schedule, Instant since, Instant now) {
    Instant first = schedule.next(since);
    Instant second = first == null ? null : schedule.next(first);
    return second == null || second.isAfter(now)
        ? 1
        : Duration.between(first, now).dividedBy(Duration.between(first, second)) + 1;
  }

  private boolean isWanted(CronJob cron, ActiveJobs active, Instant due, Instant now) {
    Long deadline = cron.startingDeadline();
    if (deadline != null && due.plusSeconds(deadline).isBefore(now)) {
      events.warning(
          cron.object(),
          "MissSchedule",
          "Missed scheduled time to start a job: " + TIME.format(due));
      return false;
    }
    Instant last = Timestamps.of(cron.status().get("lastScheduleTime"));
    if (active.containsName(cron.jobName(due)) || due.equals(last)) {
      return false;
    }
    if (cron.forbidsConcurrency() && !active.isEmpty()) {
      events.normal(
          cron.object(),
          "JobAlreadyActive",
          "Not starting job because prior execution is running and concurrency policy is Forbid");
      return false;
    }
    return true;
  }

  private void create(CronJob cron, ActiveJobs active, Instant due) {
    if (cron.replaces()) {
      active.references().forEach(each -> replace(cron, active, each));
    }
    try {
      Struct job = api.create(ApiResource.JOBS, cron.job(due));
      active.add(job, due);
      metrics.made(Duration.between(due, world.now()));
      events.normal(cron.object(), "SuccessfulCreate", "Created job " + Meta.of(job).name());
    } catch (ApiException e) {
      Struct present = e.is(Reason.ALREADY_EXISTS) ? madeBefore(cron, due) : null;
      if (present != null) {
        active.add(present, due);
        return;
      }
      if (!PodWriter.isNamespaceEnding(e) && !e.is(Reason.ALREADY_EXISTS)) {
        events.warning(cron.object(), "FailedCreate", "Error creating job: " + e.message());
      }
      throw e;
    }
  }

  /// The Job for a time, if it was made and that was not written down.
  private @Nullable Struct madeBefore(CronJob cron, Instant due) {
    Struct job = api.find(ApiResource.JOBS, cron.meta().namespace(), cron.jobName(due));
    return job != null && Meta.of(job).isControlledBy(cron.meta().uid()) ? job : null;
  }

  private void replace(CronJob cron, ActiveJobs active, Struct reference) {
    try {
      Struct job = api.get(ApiResource.JOBS, cron.meta().namespace(), reference.string("name"));
      delete(cron, active, job);
    } catch (ApiException e) {
      events.warning(cron.object(), "FailedGet", "Get job: " + e.message());
      throw e;
    }
  }

  private void delete(CronJob cron, ActiveJobs active, Struct job) {
    Meta meta = Meta.of(job);
    try {
      api.delete(
          ApiResource.JOBS,
          meta.namespace(),
          meta.name(),
          DeleteOptions.withPropagation("Background").ofUid(meta.uid()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        events.warning(cron.object(), "FailedDelete", "Deleted job: " + e.message());
        throw e;
      }
    }
    active.remove(meta.uid());
    events.normal(cron.object(), "SuccessfulDelete", "Deleted job " + meta.name());
  }

  /// Deletes the oldest Jobs beyond the limit.
  private void trim(CronJob cron, List<Struct> jobs, ActiveJobs active, boolean successful) {
    Long limit = cron.historyLimit(successful);
    if (limit == null) {
      return;
    }
    List<Struct> ended = new ArrayList<>();
    for (Struct job : jobs) {
      if (endOf(job).equals(successful ? "Complete" : "Failed") && !Meta.of(job).isBeingDeleted()) {
        ended.add(job);
      }
    }
    ended.sort(
        Comparator.<Struct, Instant>comparing(
                job -> Timestamps.of(job.get("status", "startTime")),
                Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(job -> Meta.of(job).name()));
    for (Struct job : ended.subList(0, (int) Math.max(0, ended.size() - limit))) {
      delete(cron, active, job);
    }
  }

  private void write(CronJob cron, ActiveJobs active) {
    Struct now = writer.write(cron.object(), active.status());
    if (now != null) {
      written.note(now);
    }
  }

  @Override
  public void close() {
    controller.close();
    events.close();
  }
}
