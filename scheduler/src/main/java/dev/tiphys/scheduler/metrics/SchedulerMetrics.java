package dev.tiphys.scheduler.metrics;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What the scheduler counts, under upstream's names.
///
/// Threads: any.
public final class SchedulerMetrics {

  private static final double MILLISECOND = 0.001;

  private final CounterFamily attempts =
      new CounterFamily(
          "scheduler_schedule_attempts_total",
          "Attempts to schedule pods, by the result.",
          "profile",
          "result");
  private final HistogramFamily durations =
      new HistogramFamily(
          "scheduler_scheduling_attempt_duration_seconds",
          "From the turn of a pod to its binding, or to the failure.",
          Histogram.exponential(MILLISECOND, 2, 15),
          "profile",
          "result");
  private final HistogramFamily algorithm =
      new HistogramFamily(
          "scheduler_scheduling_algorithm_duration_seconds",
          "How long it took to choose a node.",
          Histogram.exponential(MILLISECOND, 2, 15));
  private final HistogramFamily points =
      new HistogramFamily(
          "scheduler_framework_extension_point_duration_seconds",
          "How long all plugins of an extension point took. PreFilter is part of Filter here, and"
              + " PreScore of Score.",
          Histogram.exponential(MILLISECOND / 10, 2, 12),
          "extension_point",
          "profile",
          "status");
  private final HistogramFamily permits =
      new HistogramFamily(
          "scheduler_permit_wait_duration_seconds",
          "How long pods waited for permission.",
          Histogram.exponential(MILLISECOND, 2, 15),
          "result");
  private final CounterFamily incoming =
      new CounterFamily(
          "scheduler_queue_incoming_pods_total",
          "Pods that came into a queue, by what brought them there.",
          "event",
          "queue");
  private final HistogramFamily waits =
      new HistogramFamily(
          "scheduler_pod_scheduling_sli_duration_seconds",
          "From the time when a pod entered the queue to its binding.",
          Histogram.exponential(10 * MILLISECOND, 2, 20),
          "attempts");
  private final Histogram tries = new Histogram(Histogram.exponential(1, 2, 5));
  private final Histogram victims = new Histogram(Histogram.exponential(1, 2, 7));
  private final LongAdder preemptions = new LongAdder();

  /// What came of an attempt to schedule a Pod, or of an extension point.
  public enum Result {
    SCHEDULED("scheduled", "Success"),
    UNSCHEDULABLE("unschedulable", "Unschedulable"),
    ERROR("error", "Error");

    private final String word;
    private final String status;

    Result(String word, String status) {
      this.word = word;
      this.status = status;
    }
  }

  /// An extension point whose plugins are timed.
  public enum Point {
    FILTER("Filter"),
    POST_FILTER("PostFilter"),
    SCORE("Score"),
    RESERVE("Reserve"),
    PRE_BIND("PreBind"),
    BIND("Bind");

    private final String word;

    Point(String word) {
      this.word = word;
    }
  }

  /// What there is at the moment.
  ///
  /// @param pending how many Pods wait in each queue
  /// @param refused how many Pods wait because of each plugin, by `plugin="…",profile="…"`
  /// @param binding how many are on their way to be bound
  public record State(
      Map<String, Integer> pending,
      Map<String, Integer> refused,
      int nodes,
      int pods,
      int assumed,
      int binding) {}

  /// An attempt is over.
  ///
  /// @param took from the Pod's turn to the binding, or to the failure
  public void attempted(String profile, Result result, Duration took) {
    attempts.count(profile, result.word);
    durations.of(profile, result.word).record(took.toNanos());
  }

  /// A node was chosen, or none was found.
  public void chosen(long nanos) {
    algorithm.of().record(nanos);
  }

  /// The plugins of an extension point were asked.
  public void asked(String profile, Point point, Result result, long nanos) {
    points.of(point.word, profile, result.status).record(nanos);
  }

  /// A Pod waits no longer for permission.
  public void permitted(Result result, long nanos) {
    permits.of(result.status).record(nanos);
  }

  /// A Pod came into a queue.
  ///
  /// @param event what brought it there, in upstream's words
  public void queued(String queue, String event) {
    incoming.count(event, queue);
  }

  /// A Pod is bound.
  ///
  /// @param count how often it was tried
  /// @param waited since its first turn could have come
  public void bound(int count, Duration waited) {
    tries.recordSize(count);
    waits.of(count >= 15 ? "15+" : String.valueOf(count)).record(waited.toNanos());
  }

  /// It was tried to make room for a Pod.
  public void preemptionTried() {
    preemptions.increment();
  }

  /// Pods are sent away from a node for another one.
  public void preempted(int count) {
    victims.recordSize(count);
  }

  /// Writes all of it.
  public void write(Exposition out, State state) {
    attempts.write(out);
    durations.write(out);
    algorithm.write(out);
    points.write(out);
    permits.write(out);
    incoming.write(out);
    waits.write(out);
    out.family(
        "scheduler_pod_scheduling_attempts", "histogram", "Attempts until a pod was scheduled.");
    tries.write(out, "scheduler_pod_scheduling_attempts", "");
    out.family(
        "scheduler_preemption_attempts_total", "counter", "Attempts to make room for a pod.");
    out.sample("scheduler_preemption_attempts_total", "", preemptions.sum());
    out.family("scheduler_preemption_victims", "histogram", "Pods sent away for one.");
    victims.write(out, "scheduler_preemption_victims", "");
    write(out, "scheduler_pending_pods", "Pods that wait, by the queue.", state.pending());
    out.family("scheduler_unschedulable_pods", "gauge", "Pods that a plugin keeps waiting.");
    state
        .refused()
        .forEach((labels, count) -> out.sample("scheduler_unschedulable_pods", labels, count));
    out.family("scheduler_goroutines", "gauge", "What is done at the same time.");
    out.sample("scheduler_goroutines", "operation=\"binding\"", state.binding());
    // the name of old, and the one that took its place
    for (String name : new String[] {"scheduler_scheduler_cache_size", "scheduler_cache_size"}) {
      out.family(name, "gauge", "What is known of the cluster.");
      out.sample(name, "type=\"assumed_pods\"", state.assumed());
      out.sample(name, "type=\"nodes\"", state.nodes());
      out.sample(name, "type=\"pods\"", state.pods());
    }
  }

  private static void write(
      Exposition out, String name, String help, Map<String, Integer> byQueue) {
    out.family(name, "gauge", help);
    byQueue.forEach((queue, count) -> out.sample(name, "queue=\"" + queue + "\"", count));
  }
}
