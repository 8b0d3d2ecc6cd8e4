package dev.tiphys.delivery.measuring;

import dev.tiphys.delivery.model.AnalysisPhase;
import org.jspecify.annotations.Nullable;

/// The worst of the metrics that are over, which a run ends as.
///
/// Threads: one.
final class Worst {

  private @Nullable AnalysisPhase phase;
  private String message;

  /// @param message what is said if no metric says more
  Worst(String message) {
    this.message = message;
  }

  /// @param why which limit it exceeds; empty if none
  void add(String name, MetricResult result, String why) {
    if (phase != null && !result.phase().isWorseThan(phase)) {
      return;
    }
    phase = result.phase();
    if (!why.isEmpty()) {
      message = "Metric \"%s\" assessed %s due to %s".formatted(name, phase.text(), why);
      if (!result.message().isEmpty()) {
        message += ": \"Error Message: " + result.message() + "\"";
      }
    }
  }

  /// One that does not count is fine, however it ended.
  void dry() {
    if (phase == null) {
      phase = AnalysisPhase.SUCCESSFUL;
    }
  }

  /// Null if none is over.
  @Nullable AnalysisPhase phase() {
    return phase;
  }

  String message() {
    return message;
  }
}
