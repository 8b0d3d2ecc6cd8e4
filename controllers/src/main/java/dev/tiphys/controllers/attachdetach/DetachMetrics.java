package dev.tiphys.controllers.attachdetach;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;

/// How often volumes were detached that a node said to use, under upstream's name.
///
/// Threads: any.
public final class DetachMetrics {

  private final CounterFamily forced =
      new CounterFamily(
          "attach_detach_controller_attachdetach_controller_forced_detaches",
          "Volumes that were detached although a node had not given them back.",
          "reason");

  /// @param reason `timeout` or `out-of-service`
  void forced(String reason) {
    forced.count(reason);
  }

  /// Writes all of it.
  public void write(Exposition out) {
    forced.write(out);
  }
}
