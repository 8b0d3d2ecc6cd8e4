package dev.tiphys.scheduler.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// What the scheduler counts.
///
/// Threads: the scheduling task.
public final class SchedulerMetrics {

  private static final double MILLISECOND = 0.001;

  private final Map<String, Long> attempts = new TreeMap<>();
  private final Map<String, Histogram> durations = new TreeMap<>();
  private final Histogram tries = new Histogram(1, 5);
  private final Map<String, Histogram> waits = new TreeMap<>();
  private final Histogram victims = new Histogram(1, 7);
  private long preemptions;

  /// What came of an attempt to schedule a Pod.
  public enum Result {
    SCHEDULED("scheduled"),
    UNSCHEDULABLE("unschedulable"),
    ERROR("error");

    private final String word;

    Result(String word) {
      this.word = word;
    }
  }

  /// What there is at the moment.
  ///
  /// @param pending how many Pods wait in each queue
  /// @param refused how many Pods wait because of each plugin, by `plugin="…",profile="…"`
  public record State(
      Map<String, Integer> pending,
      Map<String, Integer> refused,
      int nodes,
      int pods,
      int assumed) {}

  /// An attempt is over.
  ///
  /// @param took from the Pod's turn to the binding, or to the failure
  public void attempted(String profile, Result result, Duration took) {
    String labels = "profile=\"" + profile + "\",result=\"" + result.word + "\"";
    attempts.merge(labels, 1L, Long::sum);
    durations
        .computeIfAbsent(labels, _ -> new Histogram(MILLISECOND, 15))
        .add(took.toNanos() / 1e9);
  }

  /// A Pod is bound.
  ///
  /// @param count how often it was tried
  /// @param waited since its first turn could have come
  public void bound(int count, Duration waited) {
    tries.add(count);
    String labels = "attempts=\"" + (count >= 15 ? "15+" : String.valueOf(count)) + "\"";
    waits
        .computeIfAbsent(labels, _ -> new Histogram(10 * MILLISECOND, 20))
        .add(waited.toNanos() / 1e9);
  }

  /// It was tried to make room for a Pod.
  public void preemptionTried() {
    preemptions++;
  }

  /// Pods are sent away from a node for another one.
  public void preempted(int count) {
    victims.add(count);
  }

  /// All of it, as text.
  public String page(State state) {
    Page page = new Page();
    page.family(
        "scheduler_schedule_attempts_total",
        "counter",
        "Attempts to schedule pods, by the result.");
    attempts.forEach(
        (labels, count) -> page.sample("scheduler_schedule_attempts_total", labels, count));
    histograms(
        page,
        "scheduler_scheduling_attempt_duration_seconds",
        "From the turn of a pod to its binding, or to the failure.",
        durations);
    page.family(
        "scheduler_pod_scheduling_attempts", "histogram", "Attempts until a pod was scheduled.");
    tries.write(page, "scheduler_pod_scheduling_attempts", "");
    histograms(
        page,
        "scheduler_pod_scheduling_sli_duration_seconds",
        "From the time when a pod entered the queue to its binding.",
        waits);
    page.family(
        "scheduler_preemption_attempts_total", "counter", "Attempts to make room for a pod.");
    page.sample("scheduler_preemption_attempts_total", "", preemptions);
    page.family("scheduler_preemption_victims", "histogram", "Pods sent away for one.");
    victims.write(page, "scheduler_preemption_victims", "");
    write(page, state);
    return page.toString();
  }

  private static void histograms(
      Page page, String name, String help, Map<String, Histogram> histograms) {
    page.family(name, "histogram", help);
    histograms.forEach((labels, histogram) -> histogram.write(page, name, labels));
  }

  private static void write(Page page, State state) {
    page.family("scheduler_pending_pods", "gauge", "Pods that wait, by the queue.");
    state
        .pending()
        .forEach(
            (queue, count) ->
                page.sample("scheduler_pending_pods", "queue=\"" + queue + "\"", count));
    page.family("scheduler_unschedulable_pods", "gauge", "Pods that a plugin keeps waiting.");
    state
        .refused()
        .forEach((labels, count) -> page.sample("scheduler_unschedulable_pods", labels, count));
    page.family("scheduler_scheduler_cache_size", "gauge", "What is known of the cluster.");
    page.sample("scheduler_scheduler_cache_size", "type=\"assumed_pods\"", state.assumed());
    page.sample("scheduler_scheduler_cache_size", "type=\"nodes\"", state.nodes());
    page.sample("scheduler_scheduler_cache_size", "type=\"pods\"", state.pods());
  }
}
