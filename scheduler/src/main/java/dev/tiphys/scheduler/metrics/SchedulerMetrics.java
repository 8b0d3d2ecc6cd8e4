package dev.tiphys.scheduler.metrics;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import java.time.Duration;
import java.util.Locale;
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
  private final HistogramFamily permits =
      new HistogramFamily(
          "scheduler_permit_wait_duration_seconds",
          "How long pods waited for permission.",
          Histogram.exponential(MILLISECOND, 2, 15),
          "result");
  private final HistogramFamily waits =
      new HistogramFamily(
          "scheduler_pod_scheduling_sli_duration_seconds",
          "From the time when a pod entered the queue to its binding.",
          Histogram.exponential(10 * MILLISECOND, 2, 20),
          "attempts");
  private final Histogram tries = new Histogram(Histogram.exponential(1, 2, 5));
  private final Histogram victims = new Histogram(Histogram.exponential(1, 2, 7));
  private final LongAdder preemptions = new LongAdder();
  private final HistogramFamily clearings =
      new HistogramFamily(
          "scheduler_preemption_goroutines_duration_seconds",
          "How long it took to send pods away from a node, in the background.",
          Histogram.exponential(10 * MILLISECOND, 2, 20),
          "result");
  private final CounterFamily clearingsDone =
      new CounterFamily(
          "scheduler_preemption_goroutines_execution_total",
          "How often pods were sent away from a node, in the background.",
          "result");
  private final CounterFamily claims =
      new CounterFamily(
          "scheduler_resourceclaim_creates_total",
          "Claims that were created for extended resources, by the code of the answer.",
          "status");
  private final CounterFamily volumeErrors =
      new CounterFamily(
          "scheduler_volume_scheduling_stage_error_total",
          "Failures to reserve or to bind volumes.",
          "operation");
  private final PluginMetrics plugins = new PluginMetrics();
  private final QueueMetrics queue = new QueueMetrics();

  /// What is counted of plugins.
  public PluginMetrics plugins() {
    return plugins;
  }

  /// What is counted of Pods that wait.
  public QueueMetrics queue() {
    return queue;
  }

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

    String status() {
      return status;
    }
  }

  /// What volumes are needed for.
  public enum VolumeStage {
    ASSUME,
    BIND
  }

  /// An extension point whose plugins are timed.
  public enum Point {
    PRE_FILTER("PreFilter"),
    FILTER("Filter"),
    POST_FILTER("PostFilter"),
    PRE_SCORE("PreScore"),
    SCORE("Score"),
    RESERVE("Reserve"),
    UNRESERVE("Unreserve"),
    PERMIT("Permit"),
    PRE_BIND("PreBind"),
    BIND("Bind"),
    POST_BIND("PostBind");

    private final String word;

    Point(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /// What there is at the moment.
  ///
  /// @param pending how many Pods wait in each queue
  /// @param refused how many Pods wait because of each plugin, by `plugin="…",profile="…"`
  /// @param inFlight what has happened since the first Pod was taken that is being scheduled, by
  ///   upstream's names of it
  /// @param binding how many are on their way to be bound
  public record State(
      Map<String, Integer> pending,
      Map<String, Integer> refused,
      Map<String, Integer> inFlight,
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

  /// A Pod waits no longer for permission.
  public void permitted(Result result, long nanos) {
    permits.of(result.status).record(nanos);
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

  /// Pods were sent away in the background, or could not be.
  public void cleared(boolean success, long nanos) {
    String result = success ? "success" : "error";
    clearings.of(result).record(nanos);
    clearingsDone.count(result);
  }

  /// A claim was created for extended resources, or could not be.
  public void claimCreated(boolean success) {
    claims.count(success ? "success" : "failure");
  }

  /// Something went wrong with volumes.
  public void volumesFailed(VolumeStage stage) {
    volumeErrors.count(stage.name().toLowerCase(Locale.ROOT));
  }

  /// Writes all of it.
  public void write(Exposition out, State state) {
    attempts.write(out);
    durations.write(out);
    algorithm.write(out);
    plugins.write(out);
    permits.write(out);
    queue.write(out);
    clearings.write(out);
    clearingsDone.write(out);
    claims.write(out);
    volumeErrors.write(out);
    waits.write(out);
    out.family(
        "scheduler_pod_scheduling_attempts", "histogram", "Attempts until a pod was scheduled.");
    tries.write(out, "scheduler_pod_scheduling_attempts", "");
    out.family(
        "scheduler_preemption_attempts_total", "counter", "Attempts to make room for a pod.");
    out.sample("scheduler_preemption_attempts_total", "", preemptions.sum());
    out.family("scheduler_preemption_victims", "histogram", "Pods sent away for one.");
    victims.write(out, "scheduler_preemption_victims", "");
    write(out, "scheduler_pending_pods", "Pods that wait, by the queue.", "queue", state.pending());
    write(
        out,
        "scheduler_inflight_events",
        "What is remembered for pods that are being scheduled, and these pods.",
        "event",
        state.inFlight());
    out.family("scheduler_unschedulable_pods", "gauge", "Pods that a plugin keeps waiting.");
    state
        .refused()
        .forEach((labels, count) -> out.sample("scheduler_unschedulable_pods", labels, count));
    out.family("scheduler_goroutines", "gauge", "What is done at the same time.");
    out.sample("scheduler_goroutines", "operation=\"binding\"", state.binding());
    String size = "scheduler_cache_size";
    out.family(size, "gauge", "What is known of the cluster.");
    out.sample(size, "type=\"assumed_pods\"", state.assumed());
    out.sample(size, "type=\"nodes\"", state.nodes());
    out.sample(size, "type=\"pods\"", state.pods());
  }

  private static void write(
      Exposition out, String name, String help, String label, Map<String, Integer> amounts) {
    out.family(name, "gauge", help);
    amounts.forEach((of, count) -> out.sample(name, label + "=\"" + of + "\"", count));
  }
}
