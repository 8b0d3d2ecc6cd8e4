package dev.tiphys.monitoring.state.families;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.cron.CronSchedule;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What Jobs and CronJobs say.
final class BatchFamilies {

  /// Reasons of a Job's failure that are told by name.
  private static final List<String> REASONS =
      List.of("BackoffLimitExceeded", "DeadlineExceeded", "Evicted");

  private BatchFamilies() {}

  static KindFamilies jobs() {
    return KindFamilies.Builder.namespaced("kube_job", ApiResource.JOBS, "job_name")
        .gauge("_info", "A Job.", Rule.info())
        .created()
        .gauge(
            "_spec_parallelism",
            "Pods that may run at once.",
            Rule.numberIfSet("spec", "parallelism"))
        .gauge(
            "_spec_completions",
            "Pods that have to succeed.",
            Rule.numberIfSet("spec", "completions"))
        .gauge(
            "_spec_active_deadline_seconds",
            "How long it may take.",
            Rule.numberIfSet("spec", "activeDeadlineSeconds"))
        .gauge("_status_succeeded", "Pods that have succeeded.", Rule.number("status", "succeeded"))
        .gauge("_status_failed", "Pods that have failed, and why.", BatchFamilies::failures)
        .gauge("_status_active", "Pods that are at work.", Rule.number("status", "active"))
        .gauge("_status_ready", "Pods that are ready.", Rule.number("status", "ready"))
        .gauge("_complete", "Whether it is done.", Rule.condition("Complete"))
        .gauge("_failed", "Whether it has failed.", Rule.condition("Failed"))
        .gauge("_status_start_time", "When it began.", Rule.time("status", "startTime"))
        .gauge(
            "_status_completion_time", "When it was done.", Rule.time("status", "completionTime"))
        .gauge(
            "_status_suspended",
            "1 if it is suspended, or else 0.",
            (job, out) -> {
              Struct condition = Meta.condition(job, "Suspended");
              if (condition != null) {
                out.add(condition.string("status").equals("True") ? 1 : 0);
              }
            })
        .owners()
        .build();
  }

  private static void failures(Struct job, Samples out) {
    long failed = job.integer("status", "failed");
    if (failed == 0) {
      out.add(0);
      return;
    }
    Struct condition = Meta.condition(job, "Failed");
    String actual = condition == null ? "" : condition.string("reason");
    if (condition != null) {
      REASONS.forEach(reason -> out.add(reason.equals(actual) ? 1 : 0, "reason", reason));
    }
    if (!REASONS.contains(actual)) {
      out.add(failed, "reason", "");
    }
  }

  static KindFamilies cronJobs() {
    return KindFamilies.Builder.namespaced("kube_cronjob", ApiResource.CRON_JOBS, "cronjob")
        .gauge("_info", "A CronJob, with when it is due.", BatchFamilies::info)
        .created()
        .gauge("_status_active", "Jobs that are at work.", Rule.count("status", "active"))
        .gauge(
            "_status_last_schedule_time",
            "When a Job was made last.",
            Rule.time("status", "lastScheduleTime"))
        .gauge(
            "_status_last_successful_time",
            "When a Job was done last.",
            Rule.time("status", "lastSuccessfulTime"))
        .gauge("_spec_suspend", "1 if no Jobs are made, or else 0.", Rule.flag("spec", "suspend"))
        .gauge(
            "_spec_starting_deadline_seconds",
            "How late a Job may be made.",
            Rule.numberIfSet("spec", "startingDeadlineSeconds"))
        .gauge("_next_schedule_time", "When the next Job is due.", BatchFamilies::next)
        .gauge(
            "_schedule_invalid",
            "1 if it can't be understood when Jobs are due.",
            (job, out) -> {
              if (schedule(job) == null) {
                out.add(1);
              }
            })
        .version()
        .gauge(
            "_spec_successful_job_history_limit",
            "Jobs that are kept of those that are done.",
            Rule.numberIfSet("spec", "successfulJobsHistoryLimit"))
        .gauge(
            "_spec_failed_job_history_limit",
            "Jobs that are kept of those that have failed.",
            Rule.numberIfSet("spec", "failedJobsHistoryLimit"))
        .build();
  }

  private static void info(Struct job, Samples out) {
    out.add(
        1,
        "schedule",
        job.string("spec", "schedule"),
        "concurrency_policy",
        job.string("spec", "concurrencyPolicy"),
        "timezone",
        job.has("spec", "timeZone") ? job.string("spec", "timeZone") : "local");
  }

  private static void next(Struct job, Samples out) {
    CronSchedule schedule = schedule(job);
    Instant last = Timestamps.of(job.get("status", "lastScheduleTime"));
    Instant since = last == null ? Meta.of(job).created() : last;
    if (schedule != null && since != null && !job.bool("spec", "suspend")) {
      Instant next = schedule.next(since);
      if (next != null) {
        out.add(next.getEpochSecond());
      }
    }
  }

  private static @Nullable CronSchedule schedule(Struct job) {
    String zone = job.string("spec", "timeZone");
    String schedule = job.string("spec", "schedule");
    try {
      return CronSchedule.parse(
          zone.isEmpty() ? schedule : "TZ=" + zone + " " + schedule, ZoneOffset.UTC);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
