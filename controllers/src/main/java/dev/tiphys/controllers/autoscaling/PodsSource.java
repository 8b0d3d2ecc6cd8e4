package dev.tiphys.controllers.autoscaling;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.Map;

/// A metric that each Pod has, averaged.
///
/// @param spec the metric and its target
record PodsSource(MetricsApi metrics, Struct spec) implements MetricSource {

  @Override
  public Proposal propose(Scaled scaled) throws MetricException {
    Struct metric = spec.struct("metric");
    PodUsage usage = PodUsage.of(scaled, samples(scaled, metric), false);
    Measure measure =
        new Measure.Average(Quantity.from(spec.get("target", "averageValue")).milli());
    Struct current =
        Struct.of("averageValue", Quantity.ofMilli(Measure.average(usage.values())).toString());
    return new Proposal(
        usage.replicas(measure, scaled),
        "pods metric " + metric.string("name"),
        Struct.of("type", "Pods", "pods", Struct.of("metric", metric, "current", current)));
  }

  private Map<String, Sample> samples(Scaled scaled, Struct metric) throws MetricException {
    try {
      return metrics.ofPods(metric, scaled.namespace(), scaled.selector());
    } catch (MetricException e) {
      throw e.during("unable to get metric " + metric.string("name"));
    }
  }

  @Override
  public String failure() {
    return "FailedGetPodsMetric";
  }

  @Override
  public String attempt() {
    return "failed to get pods metric value: ";
  }
}
