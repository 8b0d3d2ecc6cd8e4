package dev.tiphys.controllers.job;

import dev.tiphys.client.Informer;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.object.Struct;

/// What becomes of Jobs and their Pods, under upstream's names (`job_controller_…`).
///
/// Threads: any.
public final class JobMetrics {

  /// What a look at a Job did, as its metrics call it.
  enum Action {
    /// It waited until what was made and deleted before is shown.
    RECONCILING("reconciling"),
    /// It only counted.
    TRACKING("tracking"),
    PODS_CREATED("pods_created"),
    PODS_DELETED("pods_deleted");

    private final String label;

    Action(String label) {
      this.label = label;
    }
  }

  private static final String PREFIX = "job_controller_";
  private static final String MODE = "completion_mode";
  private static final String RESULT = "result";
  private static final String ACTION = "action";
  private static final String STATUS = "status";
  private static final String SUCCEEDED = "succeeded";
  private static final String FAILED = "failed";

  private final CounterFamily syncs =
      new CounterFamily(PREFIX + "job_syncs_total", "Looks at Jobs.", ACTION, MODE, RESULT);
  private final HistogramFamily durations =
      new HistogramFamily(
          PREFIX + "job_sync_duration_seconds",
          "How long a look at a Job took.",
          Histogram.exponential(0.001, 2, 15),
          ACTION,
          MODE,
          RESULT);
  private final CounterFamily finished =
      new CounterFamily(
          PREFIX + "jobs_finished_total", "Jobs that have ended.", MODE, "reason", RESULT);
  private final CounterFamily pods =
      new CounterFamily(
          PREFIX + "job_pods_finished_total", "Pods that have ended and count.", MODE, RESULT);
  private final CounterFamily indexes =
      new CounterFamily(
          PREFIX + "job_finished_indexes_total",
          "Indexes that are done or have failed.",
          "backoffLimit",
          STATUS);
  private final CounterFamily creations =
      new CounterFamily(
          PREFIX + "job_pods_creation_total",
          "Pods whose creation was asked for.",
          "reason",
          STATUS);
  private final CounterFamily policies =
      new CounterFamily(
          PREFIX + "pod_failures_handled_by_failure_policy_total",
          "Failed Pods that a rule of a failure policy matched.",
          ACTION);
  private final CounterFamily elsewhere =
      new CounterFamily(
          PREFIX + "jobs_by_external_controller_total",
          "Jobs that another controller has in its charge.",
          "controller_name");
  private final CounterFamily tracked =
      new CounterFamily(
          PREFIX + "terminated_pods_tracking_finalizer_total",
          "Pods that have ended and got or lost the finalizer by which they are counted.",
          "event");

  /// Counts one look at a Job.
  void looked(Job job, Action action, boolean success, long nanoseconds) {
    String result = success ? "success" : "error";
    syncs.count(action.label, mode(job), result);
    durations.of(action.label, mode(job), result).record(nanoseconds);
  }

  /// Counts a Job that has ended.
  void finished(Job job, Ending ending) {
    finished.count(mode(job), ending.reason(), ending.success() ? SUCCEEDED : FAILED);
  }

  /// Counts what a Job's status counts now and did not before.
  void counted(Job before, Job now) {
    long succeeded = grown(before, now, SUCCEEDED);
    add(pods, succeeded, mode(now), SUCCEEDED);
    add(pods, grown(before, now, FAILED), mode(now), FAILED);
    if (now.isIndexed()) {
      String limit = now.hasLimitPerIndex() ? "perIndex" : "global";
      add(indexes, succeeded, limit, SUCCEEDED);
      add(indexes, failedIndexes(now) - failedIndexes(before), limit, FAILED);
    }
  }

  private static long grown(Job before, Job now, String field) {
    return now.status().integer(field) - before.status().integer(field);
  }

  private static long failedIndexes(Job job) {
    return Indexes.parse(job.status().string("failedIndexes"), job.completions()).size();
  }

  private static void add(CounterFamily family, long count, String... labels) {
    if (count > 0) {
      family.add(count, labels);
    }
  }

  /// Counts a Pod that was to be made.
  void made(Picture picture, boolean success) {
    boolean afterFailures = picture.failed > 0;
    String reason =
        picture.job.replacesOnlyFailed() && afterFailures
            ? "recreate_failed"
            : afterFailures || picture.terminating > 0 ? "recreate_terminating_or_failed" : "new";
    creations.count(reason, success ? SUCCEEDED : FAILED);
  }

  /// Counts a failed Pod, if a rule says what follows from that.
  void judged(FailurePolicy.Verdict verdict) {
    if (verdict.isOfRule()) {
      policies.count(
          switch (verdict.action()) {
            case COUNT -> "Count";
            case IGNORE -> "Ignore";
            case FAIL_INDEX -> "FailIndex";
            case FAIL_JOB -> "FailJob";
          });
    }
  }

  /// Counts the Jobs that others have in their charge.
  final class Managers implements Informer.Listener {
    @Override
    public void added(Struct job) {
      if (new Job(job).isManagedElsewhere()) {
        elsewhere.count(job.string("spec", "managedBy"));
      }
    }
  }

  /// Counts the Pods that have ended and wait to be counted.
  final class Finalizers implements Informer.Listener {
    @Override
    public void added(Struct pod) {
      if (waits(pod)) {
        tracked.count("add");
      }
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (waits(before) != waits(now)) {
        tracked.count(waits(now) ? "add" : "delete");
      }
    }

    @Override
    public void deleted(Struct last) {
      if (waits(last)) {
        tracked.count("delete");
      }
    }

    private static boolean waits(Struct pod) {
      return Pods.isTerminal(pod) && JobPods.isTracked(pod);
    }
  }

  private static String mode(Job job) {
    return job.isIndexed() ? "Indexed" : "NonIndexed";
  }

  /// Writes all of it, as far as there is any.
  public void write(Exposition out) {
    syncs.write(out);
    durations.write(out);
    finished.write(out);
    pods.write(out);
    indexes.write(out);
    creations.write(out);
    policies.write(out);
    elsewhere.write(out);
    tracked.write(out);
  }
}
