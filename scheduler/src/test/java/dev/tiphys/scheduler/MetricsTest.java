package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.scheduler.metrics.SchedulerMetrics;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.Point;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.Result;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.State;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.VolumeStage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void attemptsAndQueuesAreCounted() {
    FailingApi failing = new FailingApi(cluster.api, 1);
    cluster.restart(failing.api());
    cluster.nodes(2);
    cluster.podWithCpu("web", "1", "");
    cluster.podWithCpu("large", "9", "");
    cluster.pod("gated", "'schedulingGates':[{'name':'a/b'}]");
    cluster.settle();

    assertThat(cluster.metrics().lines())
        .contains(
            "# TYPE scheduler_schedule_attempts_total counter",
            "scheduler_schedule_attempts_total{profile=\"default-scheduler\",result=\"error\"} 1",
            "scheduler_schedule_attempts_total{profile=\"default-scheduler\",result=\"scheduled\"} 1",
            "scheduler_schedule_attempts_total{profile=\"default-scheduler\","
                + "result=\"unschedulable\"} 1",
            "scheduler_pod_scheduling_attempts_bucket{le=\"1\"} 0",
            "scheduler_pod_scheduling_attempts_bucket{le=\"2\"} 1",
            "scheduler_pod_scheduling_attempts_sum 2",
            // The back-off of a second is part of it.
            "scheduler_pod_scheduling_sli_duration_seconds_bucket{attempts=\"2\",le=\"0.64\"} 0",
            "scheduler_pod_scheduling_sli_duration_seconds_bucket{attempts=\"2\",le=\"1.28\"} 1",
            "scheduler_pending_pods{queue=\"active\"} 0",
            "scheduler_pending_pods{queue=\"gated\"} 1",
            "scheduler_pending_pods{queue=\"unschedulable\"} 1",
            "scheduler_unschedulable_pods{plugin=\"NodeResourcesFit\","
                + "profile=\"default-scheduler\"} 1",
            "scheduler_unschedulable_pods{plugin=\"SchedulingGates\","
                + "profile=\"default-scheduler\"} 1",
            "scheduler_scheduling_algorithm_duration_seconds_count 2",
            "scheduler_framework_extension_point_duration_seconds_count{extension_point="
                + "\"Filter\",profile=\"default-scheduler\",status=\"Unschedulable\"} 1",
            "scheduler_framework_extension_point_duration_seconds_count{extension_point="
                + "\"Bind\",profile=\"default-scheduler\",status=\"Success\"} 1",
            "scheduler_queue_incoming_pods_total{event=\"PodAdd\",queue=\"active\"} 2",
            "scheduler_queue_incoming_pods_total{event=\"PodAdd\",queue=\"gated\"} 1",
            "scheduler_queue_incoming_pods_total{event=\"ScheduleAttemptFailure\","
                + "queue=\"unschedulable\"} 1",
            "scheduler_queue_incoming_pods_total{event=\"BackoffComplete\",queue=\"active\"} 1",
            "scheduler_goroutines{operation=\"binding\"} 0",
            "scheduler_cache_size{type=\"nodes\"} 2",
            "scheduler_cache_size{type=\"pods\"} 1",
            "scheduler_cache_size{type=\"assumed_pods\"} 0");
  }

  @Test
  void preemptionsAreCounted() {
    cluster.api.create(
        ApiResource.PRIORITY_CLASSES, json("{'metadata':{'name':'high'},'value':1000}"));
    cluster.nodes(1);
    cluster.podWithCpu("low-0", "2", "");
    cluster.podWithCpu("low-1", "2", "");
    cluster.settle();
    cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
    cluster.settle();

    assertThat(cluster.metrics().lines())
        .contains(
            "scheduler_preemption_attempts_total 1",
            "scheduler_preemption_victims_sum 2",
            "scheduler_preemption_victims_count 1");
  }

  /// A family as upstream has it.
  ///
  /// @param first the smallest bound of a histogram; empty for other types
  record Family(String name, String type, Set<String> labels, String first, int bounds) {}

  private static Family family(String name, String type, String... labels) {
    return new Family("scheduler_" + name, type, Set.of(labels), "", 0);
  }

  private static Family histogram(String name, String first, int bounds, String... labels) {
    return new Family("scheduler_" + name, "histogram", Set.of(labels), first, bounds);
  }

  private static final List<Family> FAMILIES =
      List.of(
          family("schedule_attempts_total", "counter", "result", "profile"),
          histogram("scheduling_attempt_duration_seconds", "0.001", 15, "result", "profile"),
          histogram("scheduling_algorithm_duration_seconds", "0.001", 15),
          histogram("event_handling_duration_seconds", "0.0001", 12, "event"),
          histogram("preemption_victims", "1", 7),
          family("preemption_attempts_total", "counter"),
          histogram("preemption_goroutines_duration_seconds", "0.01", 20, "result"),
          family("preemption_goroutines_execution_total", "counter", "result"),
          family("pending_pods", "gauge", "queue"),
          family("inflight_events", "gauge", "event"),
          family("goroutines", "gauge", "operation"),
          histogram("pod_scheduling_sli_duration_seconds", "0.01", 20, "attempts"),
          histogram("pod_scheduling_attempts", "1", 5),
          family("pod_scheduled_after_flush_total", "counter"),
          histogram(
              "framework_extension_point_duration_seconds",
              "0.0001",
              12,
              "extension_point",
              "status",
              "profile"),
          histogram(
              "plugin_execution_duration_seconds",
              "0.00001",
              20,
              "plugin",
              "extension_point",
              "status"),
          histogram(
              "queueing_hint_execution_duration_seconds", "0.00001", 20, "plugin", "event", "hint"),
          family("queue_incoming_pods_total", "counter", "queue", "event"),
          histogram("permit_wait_duration_seconds", "0.001", 15, "result"),
          family("cache_size", "gauge", "type"),
          family("unschedulable_pods", "gauge", "plugin", "profile"),
          family("plugin_evaluation_total", "counter", "plugin", "extension_point", "profile"),
          family("resourceclaim_creates_total", "counter", "status"),
          family("volume_scheduling_stage_error_total", "counter", "operation"));

  /// What each of them tells when something of it has happened.
  @Test
  void theFamiliesAreUpstreams() {
    SchedulerMetrics metrics = new SchedulerMetrics();
    metrics.attempted("p", Result.SCHEDULED, Duration.ofMillis(1));
    metrics.bound(1, Duration.ofMillis(1));
    metrics.chosen(1);
    metrics.permitted(Result.SCHEDULED, 1);
    metrics.cleared(true, 1);
    metrics.claimCreated(true);
    metrics.volumesFailed(VolumeStage.BIND);
    metrics.plugins().asked("p", Point.FILTER, Result.SCHEDULED, 1);
    metrics.plugins().ran("One", Point.RESERVE, "Success", 1);
    metrics.plugins().evaluated("p", Point.FILTER, List.of("One"));
    metrics.queue().arrived("active", "PodAdd");
    metrics.queue().hinted("One", "NodeAdd", true, 1);
    metrics.queue().handled("NodeAdd", 1);
    Exposition out = new Exposition();
    metrics.write(
        out,
        new State(
            Map.of("active", 1),
            Map.of("plugin=\"One\",profile=\"p\"", 1),
            Map.of("NodeAdd", 1),
            1,
            1,
            1,
            1));

    List<String> lines = out.toString().lines().toList();
    assertThat(lines)
        .filteredOn(line -> line.startsWith("# TYPE "))
        .containsExactlyInAnyOrderElementsOf(
            FAMILIES.stream().map(each -> "# TYPE " + each.name + " " + each.type).toList());
    for (Family each : FAMILIES) {
      String sample = each.name + (each.type.equals("histogram") ? "_count" : "");
      assertThat(lines)
          .as(each.name)
          .filteredOn(line -> line.matches(Pattern.quote(sample) + "[ {].*"))
          .isNotEmpty()
          .allSatisfy(line -> assertThat(labels(line)).isEqualTo(each.labels));
      List<String> bounds =
          lines.stream()
              .filter(line -> line.startsWith(each.name + "_bucket"))
              .map(line -> line.replaceAll(".*le=\"(.*?)\".*", "$1"))
              .distinct()
              .toList();
      if (each.bounds > 0) {
        assertThat(bounds).as(each.name).hasSize(each.bounds + 1);
        assertThat(Double.parseDouble(bounds.getFirst())).isEqualTo(Double.parseDouble(each.first));
      }
    }
  }

  private static Set<String> labels(String sample) {
    return Pattern.compile("(\\w+)=\"")
        .matcher(sample)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void pluginsAndEventsAreCounted() {
    cluster.nodes(1);
    cluster.podWithCpu("large", "9", "");
    cluster.settle();
    cluster.node("node-1", "");
    cluster.podWithCpu("web", "1", "");
    cluster.settle();

    assertThat(cluster.metrics().lines())
        .contains(
            "scheduler_plugin_evaluation_total{extension_point=\"Filter\",plugin="
                + "\"NodeResourcesFit\",profile=\"default-scheduler\"} 2",
            "scheduler_plugin_execution_duration_seconds_count{extension_point=\"PostFilter\","
                + "plugin=\"DefaultPreemption\",status=\"Unschedulable\"} 1",
            "scheduler_inflight_events{event=\"PodPopped\"} 0")
        .anyMatch(
            line ->
                line.startsWith(
                    "scheduler_queueing_hint_execution_duration_seconds_count{event=\"NodeAdd\","))
        .anyMatch(
            line ->
                line.startsWith(
                    "scheduler_event_handling_duration_seconds_count{event=\"NodeAdd\"}"));
  }

  @Test
  void podsThatOnlyTheLongestWaitLetBeTriedAreCounted() {
    cluster.nodes(1);
    cluster.podWithCpu("large", "9", "");
    cluster.settle();
    cluster.world.advance(Duration.ofMinutes(6));
    cluster.settle();

    assertThat(cluster.metrics().lines())
        .contains(
            "scheduler_queue_incoming_pods_total{event=\"UnschedulableTimeout\",queue=\"active\"} 1",
            "scheduler_pod_scheduled_after_flush_total 0");
  }
}
