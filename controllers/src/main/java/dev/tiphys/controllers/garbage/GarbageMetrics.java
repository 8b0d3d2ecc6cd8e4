package dev.tiphys.controllers.garbage;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;

/// How often it was not to be learnt which kinds there are, under upstream's name.
///
/// Threads: any.
public final class GarbageMetrics {

  private final CounterFamily errors =
      new CounterFamily(
          "garbagecollector_controller_resources_sync_error_total",
          "Times that the kinds could not be learnt whose owners are watched.");

  void undiscovered() {
    errors.count();
  }

  /// Writes it, if there is any.
  public void write(Exposition out) {
    errors.write(out);
  }
}
