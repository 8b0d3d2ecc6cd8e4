package dev.tiphys.controllers.cronjob;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.cron.CronSchedule;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a CronJob wants.
///
/// @param object the CronJob
record CronJob(Struct object) {

  private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

  /// RFC 3339.
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX");

  Meta meta() {
    return Meta.of(object);
  }

  Struct spec() {
    return object.struct("spec");
  }

  Struct status() {
    return object.struct("status");
  }

  boolean isSuspended() {
    return spec().bool("suspend");
  }

  boolean forbidsConcurrency() {
    return spec().string("concurrencyPolicy").equals("Forbid");
  }

  boolean replaces() {
    return spec().string("concurrencyPolicy").equals("Replace");
  }

  /// What of it says when it is due.
  boolean isDueAs(CronJob other) {
    return spec().string("schedule").equals(other.spec().string("schedule"))
        && Objects.equals(spec().get("timeZone"), other.spec().get("timeZone"));
  }

  /// Throws if there is no such schedule, in the words of upstream's parser.
  ///
  /// @param local the zone that counts where it names none
  CronSchedule schedule(ZoneId local) {
    String text = spec().string("schedule");
    String zone = spec().string("timeZone");
    return zone.isEmpty() || text.contains("TZ")
        ? CronSchedule.parse(text, local)
        : CronSchedule.parse("TZ=" + zone + " " + text, local);
  }

  /// From when on times count that no Job was made for.
  Instant since() {
    Instant last = Timestamps.of(status().get("lastScheduleTime"));
    Instant created = meta().created();
    return last != null ? last : created != null ? created : Instant.EPOCH;
  }

  /// How long after its time a Job may be made; null for as long as one likes.
  @Nullable Long startingDeadline() {
    return spec().has("startingDeadlineSeconds")
        ? (Long) spec().integer("startingDeadlineSeconds")
        : null;
  }

  /// How many Jobs that have ended so are kept; null for all.
  @Nullable Long historyLimit(boolean successful) {
    String field = successful ? "successfulJobsHistoryLimit" : "failedJobsHistoryLimit";
    return spec().has(field) ? (Long) spec().integer(field) : null;
  }

  /// The name says the time, so that there is one Job for each.
  String jobName(Instant due) {
    return meta().name() + "-" + due.getEpochSecond() / 60;
  }

  Struct job(Instant due) {
    Struct template = spec().struct("jobTemplate");
    String zone = spec().string("timeZone");
    String time = TIME.format(due.atZone(zone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zone)));
    Struct metadata =
        new StructBuilder()
            .add("name", jobName(due))
            .add("namespace", meta().namespace())
            .addUnlessEmpty("labels", template.struct("metadata", "labels"))
            .add("annotations", template.struct("metadata", "annotations").with(SCHEDULED, time))
            .add("ownerReferences", List.of(meta().asController()))
            .build();
    return new StructBuilder()
        .add("apiVersion", "batch/v1")
        .add("kind", "Job")
        .add("metadata", metadata)
        .add("spec", template.struct("spec"))
        .build();
  }
}
