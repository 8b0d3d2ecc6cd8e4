package dev.tiphys.controllers.cronjob;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import java.time.Duration;

/// How late Jobs are made, under upstream's name.
///
/// Threads: any.
public final class CronJobMetrics {

  private final HistogramFamily skew =
      new HistogramFamily(
          "cronjob_controller_job_creation_skew_duration_seconds",
          "How long after its time a Job was made.",
          Histogram.exponential(1, 2, 10));

  /// Counts a Job that was made.
  void made(Duration late) {
    skew.of().record(late.toNanos());
  }

  /// Writes it, if there is any.
  public void write(Exposition out) {
    skew.write(out);
  }
}
