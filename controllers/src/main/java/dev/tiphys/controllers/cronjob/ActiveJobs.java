package dev.tiphys.controllers.cronjob;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The status of a CronJob as it is to be written: the Jobs that it made and that have not ended.
///
/// Threads: one.
final class ActiveJobs {

  private final CronJob cron;
  private final List<Struct> references;
  private @Nullable String scheduled;
  private @Nullable String successful;

  ActiveJobs(CronJob cron) {
    this.cron = cron;
    this.references = new ArrayList<>(cron.status().structs("active"));
  }

  List<Struct> references() {
    return List.copyOf(references);
  }

  boolean isEmpty() {
    return references.isEmpty();
  }

  boolean contains(String uid) {
    return references.stream().anyMatch(each -> each.string("uid").equals(uid));
  }

  boolean containsName(String name) {
    return references.stream().anyMatch(each -> each.string("name").equals(name));
  }

  void remove(String uid) {
    references.removeIf(each -> each.string("uid").equals(uid));
  }

  void add(Struct job, Instant due) {
    if (!contains(Meta.of(job).uid())) {
      references.add(Meta.of(job).reference());
    }
    scheduled = Timestamps.seconds(due);
  }

  /// Notes when a Job has succeeded, if none has later.
  void succeeded(Struct job) {
    Instant end = Timestamps.of(job.get("status", "completionTime"));
    Instant known =
        successful == null
            ? Timestamps.of(cron.status().get("lastSuccessfulTime"))
            : Timestamps.parse(successful);
    if (end != null && (known == null || end.isAfter(known))) {
      successful = Timestamps.seconds(end);
    }
  }

  Struct status() {
    Struct status = cron.status();
    status =
        references.isEmpty()
            ? status.without("active")
            : status.with("active", List.copyOf(references));
    String due = scheduled;
    status = due == null ? status : status.with("lastScheduleTime", due);
    String end = successful;
    return end == null ? status : status.with("lastSuccessfulTime", end);
  }
}
