package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
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
            "scheduler_scheduler_cache_size{type=\"nodes\"} 2",
            "scheduler_scheduler_cache_size{type=\"pods\"} 1",
            "scheduler_scheduler_cache_size{type=\"assumed_pods\"} 0");
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
}
