package dev.tiphys.delivery.measuring;

import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// When a run's metrics are to be measured. Pure.
///
/// @param results by the metrics' names
record Schedule(Struct run, Map<String, MetricResult> results, Instant now) {

  /// How long after an error it is tried again.
  private static final Duration AFTER_ERROR = Duration.ofSeconds(10);

  /// Whether nothing more is begun: the spec says so, or a metric is over and not well.
  static boolean isEnding(Struct run, Map<String, MetricResult> results) {
    return run.bool("spec", "terminate")
        || results.values().stream()
            .anyMatch(result -> !result.isDryRun() && result.phase().isBad());
  }

  /// Whether a measurement is to be begun, gone on with or given up now.
  boolean isDue(Metric metric) {
    MetricResult result = results.get(metric.name());
    Measurement last = result == null ? null : result.last();
    boolean ending = isEnding(run, results);
    if (result != null && result.phase().isComplete()) {
      return false;
    }
    if (last != null && !last.phase().isComplete()) {
      return true; // its provider knows whether there is anything to do
    }
    Instant due = ending ? null : due(metric);
    return due != null && !due.isAfter(now);
  }

  /// When the next look is due; null if none is by itself.
  @Nullable Instant next(List<Metric> metrics) {
    return metrics.stream()
        .map(this::due)
        .filter(Objects::nonNull)
        .min(Instant::compareTo)
        .orElse(null);
  }

  private @Nullable Instant due(Metric metric) {
    MetricResult result = results.get(metric.name());
    if (result != null && result.phase().isComplete()) {
      return null;
    }
    Measurement last = result == null ? null : result.last();
    if (result == null || last == null) {
      Instant begun =
          Optional.ofNullable(Timestamps.of(run.get("status", "startedAt"))).orElse(now);
      return begun.plus(metric.initialDelay());
    }
    if (!last.phase().isComplete()) {
      return last.resume();
    }
    Long count = metric.count();
    if (count != null && result.number("count") >= count) {
      return null;
    }
    Instant ended = last.finished() == null ? now : last.finished();
    Duration interval = metric.interval();
    return last.phase() == AnalysisPhase.ERROR || interval == null
        ? ended.plus(AFTER_ERROR)
        : ended.plus(interval);
  }
}
