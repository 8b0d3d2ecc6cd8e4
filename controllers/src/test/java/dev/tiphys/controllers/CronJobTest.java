package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.CRON_JOBS;
import static dev.tiphys.client.ApiResource.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CronJobTest {

  private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

  private TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void create(String schedule, String more) {
    cluster.create(
        CRON_JOBS,
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: report, namespace: default}
        spec:
          schedule: "%s"
        %s
          jobTemplate:
            metadata: {labels: {made: regularly}, annotations: {note: x}}
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: app, image: "report:1"}]
        """
            .formatted(schedule, more.indent(2).stripTrailing()));
    cluster.world.settle();
  }

  private void exit(int code) {
    cluster.kubelet.letExit(_ -> code);
  }

  private Struct status() {
    return cluster.get(CRON_JOBS, "report").struct("status");
  }

  /// Lets minutes pass, and a moment more for what is due at the last of them.
  private void minutes(long count) {
    cluster.advance(Duration.ofMinutes(count).plusSeconds(1));
  }

  @Test
  void aJobIsMadeForEachTime() {
    exit(0);
    create("* * * * *", "");
    minutes(1);
    Struct job = cluster.list(JOBS).getFirst();
    Instant due = OffsetDateTime.parse(Meta.of(job).annotation(SCHEDULED)).toInstant();
    assertThat(Meta.of(job).name()).isEqualTo("report-" + due.getEpochSecond() / 60);
    assertThat(Meta.of(job).label("made")).isEqualTo("regularly");
    assertThat(Meta.of(job).annotation("note")).isEqualTo("x");
    assertThat(Meta.of(job).controller().string("name")).isEqualTo("report");
    assertThat(status().string("lastScheduleTime")).isEqualTo(due.toString());
    cluster.advance(Duration.ofSeconds(20));
    assertThat(status().has("active")).isFalse();
    assertThat(status().has("lastSuccessfulTime")).isTrue();
    minutes(10);
    assertThat(cluster.names(JOBS)).hasSize(3); // the history of three
    assertThat(cluster.events("report"))
        .contains(
            "SuccessfulCreate: Created job " + Meta.of(job).name(),
            "SawCompletedJob: Saw completed job: " + Meta.of(job).name() + ", condition: Complete",
            "SuccessfulDelete: Deleted job " + Meta.of(job).name());
  }

  @Test
  void ofFailedJobsOneIsKept() {
    exit(1);
    create("*/30 * * * *", "timeZone: Etc/UTC");
    minutes(200);
    List<Struct> failed =
        cluster.list(JOBS).stream().filter(job -> Meta.isTrue(job, "Failed")).toList();
    assertThat(failed).hasSize(1);
  }

  @Test
  void whatForbidsConcurrencyWaitsForAJobThatCannotStart() {
    cluster.kubelet.letWork(_ -> false);
    create("* * * * *", "concurrencyPolicy: Forbid");
    minutes(4);
    assertThat(cluster.names(JOBS)).hasSize(1);
    assertThat(cluster.events("report"))
        .anyMatch(
            event ->
                event.equals(
                    "JobAlreadyActive: Not starting job because prior execution is running and"
                        + " concurrency policy is Forbid"));
    String first = cluster.names(JOBS).getFirst();
    cluster.delete(JOBS, first, DeleteOptions.withPropagation("Background"));
    minutes(1);
    assertThat(cluster.names(JOBS)).hasSize(1).doesNotContain(first);
    assertThat(cluster.events("report")).contains("MissingJob: Active job went missing: " + first);
  }

  @Test
  void whatReplacesDeletesTheJobThatStillRuns() {
    create("* * * * *", "concurrencyPolicy: Replace");
    minutes(4);
    assertThat(cluster.names(JOBS)).hasSize(1);
    assertThat(status().structs("active")).hasSize(1);
  }

  @Test
  void whatAllowsConcurrencyLetsThemRunTogether() {
    create("* * * * *", "");
    minutes(4);
    assertThat(cluster.names(JOBS)).hasSize(4);
    assertThat(status().structs("active")).hasSize(4);
  }

  @Test
  void whatIsSuspendedMakesNone() {
    create("* * * * *", "suspend: true");
    minutes(5);
    assertThat(cluster.names(JOBS)).isEmpty();
    cluster.change(CRON_JOBS, "report", cron -> cron.withAt(false, "spec", "suspend"));
    cluster.world.settle();
    assertThat(cluster.names(JOBS)).hasSize(1); // the last that was missed
  }

  @Test
  void whatIsMissedIsMadeUpForOnceOrNotAtAll() {
    create("0 * * * *", "startingDeadlineSeconds: 100\nsuspend: true\ntimeZone: Etc/UTC");
    minutes(63);
    cluster.change(CRON_JOBS, "report", cron -> cron.withAt(false, "spec", "suspend"));
    cluster.world.settle();
    assertThat(cluster.names(JOBS)).isEmpty();
    cluster.change(CRON_JOBS, "report", cron -> cron.withoutAt("spec", "startingDeadlineSeconds"));
    cluster.world.settle();
    assertThat(cluster.names(JOBS)).hasSize(1);
  }

  @Test
  void afterManyMissedTimesTheLastOneCounts() {
    create("* * * * *", "suspend: true");
    minutes(150);
    cluster.change(CRON_JOBS, "report", cron -> cron.withAt(false, "spec", "suspend"));
    cluster.world.settle();
    assertThat(cluster.names(JOBS)).hasSize(1);
    assertThat(cluster.events("report"))
        .anyMatch(event -> event.startsWith("TooManyMissedTimes: "));
  }

  @Test
  void aNewScheduleBeginsWithItsNextTime() {
    create("0 0 1 1 *", "timeZone: Etc/UTC");
    minutes(90);
    cluster.change(CRON_JOBS, "report", cron -> cron.withAt("30 * * * *", "spec", "schedule"));
    cluster.world.settle();
    assertThat(cluster.names(JOBS)).isEmpty();
    minutes(60);
    assertThat(cluster.names(JOBS)).hasSize(1);
  }

  @Seeds(8)
  void whateverIsLostOrRestartedEachTimeHasOneJob(long seed) {
    cluster.close();
    cluster = new TestCluster(seed, ControllerSettings.DEFAULT, new Faults(0.1, 0.1));
    exit(0);
    List<String> made = new ArrayList<>();
    Set<String> uids = new HashSet<>();
    Informer watched =
        cluster.observe(
            JOBS,
            jobs ->
                jobs.list().stream()
                    .filter(job -> uids.add(Meta.of(job).uid()))
                    .forEach(job -> made.add(Meta.of(job).name())));
    create("* * * * *", "");
    for (int i = 0; i < 6; i++) {
      minutes(3);
      cluster.restartControllers();
    }
    minutes(5);
    assertThat(made).doesNotHaveDuplicates();
    assertThat(made.size()).isBetween(18, 24);
    watched.close();
  }
}
