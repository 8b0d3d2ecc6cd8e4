package dev.tiphys.delivery.measuring;

import dev.tiphys.delivery.model.AnalysisPhase;
import org.jspecify.annotations.Nullable;

/// What the measurements of one metric come to. Pure.
record Assessment(Metric metric, MetricResult result) {

  /// That one of its limits is exceeded.
  ///
  /// @param why as the run's message tells
  record Excess(AnalysisPhase phase, String why) {}

  /// @param ending whether nothing more is measured
  AnalysisPhase phase(boolean ending) {
    if (result.phase().isComplete()) {
      return result.phase();
    }
    Measurement last = result.last();
    if (last == null) {
      return ending ? AnalysisPhase.SUCCESSFUL : AnalysisPhase.PENDING;
    }
    if (!last.phase().isComplete()) {
      return AnalysisPhase.RUNNING;
    }
    Excess excess = excess();
    if (excess != null) {
      return excess.phase();
    }
    long enough = metric.consecutiveSuccessLimit();
    if (enough > 0 && result.number("consecutiveSuccess") >= enough) {
      return AnalysisPhase.SUCCESSFUL;
    }
    Long count = metric.count();
    if (count != null && result.number("count") >= count) {
      if (enough == 0) {
        return AnalysisPhase.SUCCESSFUL;
      }
      return metric.failureLimit() < 0 ? AnalysisPhase.FAILED : AnalysisPhase.INCONCLUSIVE;
    }
    return ending ? AnalysisPhase.SUCCESSFUL : AnalysisPhase.RUNNING;
  }

  /// The limit that is exceeded; null if none is.
  @Nullable Excess excess() {
    long errors = result.number("consecutiveError");
    if (errors > metric.consecutiveErrorLimit()) {
      return new Excess(
          AnalysisPhase.ERROR,
          "consecutiveErrors (%d) > consecutiveErrorLimit (%d)"
              .formatted(errors, metric.consecutiveErrorLimit()));
    }
    long inconclusive = result.number("inconclusive");
    if (inconclusive > metric.inconclusiveLimit()) {
      return new Excess(
          AnalysisPhase.INCONCLUSIVE,
          "inconclusive (%d) > inconclusiveLimit (%d)"
              .formatted(inconclusive, metric.inconclusiveLimit()));
    }
    long failed = result.number("failed");
    if (metric.failureLimit() >= 0 && failed > metric.failureLimit()) {
      return new Excess(
          AnalysisPhase.FAILED,
          "failed (%d) > failureLimit (%d)".formatted(failed, metric.failureLimit()));
    }
    return null;
  }
}
