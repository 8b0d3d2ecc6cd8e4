package dev.tiphys.controllers.ephemeralvolume;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;

/// Which claims were made for Pods, under upstream's names.
///
/// Threads: any.
public final class EphemeralVolumeMetrics {

  private final CounterFamily creations =
      new CounterFamily(
          "ephemeral_volume_controller_create_total", "Claims whose creation was asked for.");
  private final CounterFamily failures =
      new CounterFamily(
          "ephemeral_volume_controller_create_failures_total", "Claims that could not be made.");

  void creating() {
    creations.count();
  }

  void failed() {
    failures.count();
  }

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    creations.write(out);
    failures.write(out);
  }
}
