package dev.tiphys.controllers.common;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import java.time.Duration;

/// How long the operations of volume plugins take, under upstream's name.
///
/// Threads: any.
public final class StorageCalls {

  private final HistogramFamily durations =
      new HistogramFamily(
          "storage_operation_duration_seconds",
          "How long operations of volume plugins took.",
          new double[] {.1, .25, .5, 1, 2.5, 5, 10, 15, 25, 50, 120, 300, 600},
          "volume_plugin",
          "operation_name",
          "status",
          "migrated");

  /// @param plugin whose operation it was: `kubernetes.io/csi:disks.example.com`
  /// @param operation what was done: `volume_attach`
  public void ended(String plugin, String operation, boolean success, Duration taken) {
    Histogram histogram =
        durations.of(plugin, operation, success ? "success" : "fail-unknown", "false");
    histogram.record(taken.toNanos());
  }

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    durations.write(out);
  }
}
