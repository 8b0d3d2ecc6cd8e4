package dev.tiphys.controllers.common;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.HistogramFamily;
import java.time.Duration;

/// Which Pods were deleted for taints and how late, under upstream's names.
///
/// Threads: any.
public final class EvictionMetrics {

  private static final double[] BOUNDS = {
    0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 30, 60, 120, 180, 240
  };

  private final CounterFamily deletions;
  private final HistogramFamily delays;

  /// @param controller what the names begin with
  public EvictionMetrics(String controller) {
    this.deletions =
        new CounterFamily(controller + "_pod_deletions_total", "Pods deleted for taints.");
    this.delays =
        new HistogramFamily(
            controller + "_pod_deletion_duration_seconds",
            "How long after its time a Pod was deleted for taints.",
            BOUNDS);
  }

  /// Counts a Pod that was deleted.
  public void deleted(Duration late) {
    deletions.count();
    delays.of().record(Math.max(0, late.toNanos()));
  }

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    deletions.write(out);
    delays.write(out);
  }
}
