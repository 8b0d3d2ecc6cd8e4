package dev.tiphys.controllers.ttlafterfinished;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import java.time.Duration;

/// How late Jobs that have ended are deleted, under upstream's name.
///
/// Threads: any.
public final class TtlMetrics {

  private final HistogramFamily deletions =
      new HistogramFamily(
          "ttl_after_finished_controller_job_deletion_duration_seconds",
          "How long after its time a Job was deleted.",
          Histogram.exponential(0.1, 2, 14));

  /// Counts a Job that was deleted.
  void deleted(Duration late) {
    deletions.of().record(late.toNanos());
  }

  /// Writes it, if there is any.
  public void write(Exposition out) {
    deletions.write(out);
  }
}
