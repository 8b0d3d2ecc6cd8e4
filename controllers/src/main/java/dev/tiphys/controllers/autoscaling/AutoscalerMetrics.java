package dev.tiphys.controllers.autoscaling;

import dev.tiphys.client.Informer;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

  private final GaugeFamily present =
      new GaugeFamily(PREFIX + "num_horizontal_pod_autoscalers", "The autoscalers there are.");
  private final GaugeFamily desired =
      new GaugeFamily(
          PREFIX + "desired_replicas",
          "The size that an autoscaler wants.",
          "hpa_name",
          "namespace");

  private volatile @Nullable Informer autoscalers;

  /// Tells of the autoscalers that an informer knows from now on.
  void count(Informer known) {
    autoscalers = known;
  }

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
    Informer known = autoscalers;
    if (known != null) {
      List<Struct> all = known.list();
      present.write(out, Map.of(List.of(), all.size()));
      desired.write(
          out,
          all.stream()
              .filter(each -> each.has("status", "desiredReplicas"))
              .collect(
                  Collectors.toMap(
                      each -> List.of(Meta.of(each).name(), Meta.of(each).namespace()),
                      each -> each.integer("status", "desiredReplicas"))));
    }
    reconciliations.write(out);
    reconciling.write(out);
    computations.write(out);
    computing.write(out);
  }
}
