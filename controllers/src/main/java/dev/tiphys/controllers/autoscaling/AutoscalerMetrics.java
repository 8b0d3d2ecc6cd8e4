package dev.tiphys.controllers.autoscaling;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;

/// How often autoscalers and their metrics were looked at, what came of it, and how long it took,
/// under upstream's names.
///
/// Threads: any.
public final class AutoscalerMetrics {

  private static final String PREFIX = "horizontal_pod_autoscaler_controller_";
  private static final double[] BOUNDS = Histogram.exponential(0.001, 2, 15);
  private static final String ACTION = "action";
  private static final String ERROR = "error";
  private static final String TYPE = "metric_type";

  private final CounterFamily reconciliations =
      new CounterFamily(
          PREFIX + "reconciliations_total", "Looks at autoscalers, by outcome.", ACTION, ERROR);
  private final HistogramFamily reconciling =
      new HistogramFamily(
          PREFIX + "reconciliation_duration_seconds",
          "How long a look at an autoscaler took.",
          BOUNDS,
          ACTION,
          ERROR);
  private final CounterFamily computations =
      new CounterFamily(
          PREFIX + "metric_computation_total",
          "Looks at metrics of autoscalers, by outcome.",
          ACTION,
          ERROR,
          TYPE);
  private final HistogramFamily computing =
      new HistogramFamily(
          PREFIX + "metric_computation_duration_seconds",
          "How long a look at a metric took.",
          BOUNDS,
          ACTION,
          ERROR,
          TYPE);

  /// Counts one look at an autoscaler.
  void reconciled(Effect effect, long nanoseconds) {
    reconciliations.count(effect.action(), effect.error());
    reconciling.of(effect.action(), effect.error()).record(nanoseconds);
  }

  /// Counts one look at a metric.
  ///
  /// @param type as in `spec.metrics`
  void computed(Effect effect, String type, long nanoseconds) {
    computations.count(effect.action(), effect.error(), type);
    computing.of(effect.action(), effect.error(), type).record(nanoseconds);
  }

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    reconciliations.write(out);
    reconciling.write(out);
    computations.write(out);
    computing.write(out);
  }
}
