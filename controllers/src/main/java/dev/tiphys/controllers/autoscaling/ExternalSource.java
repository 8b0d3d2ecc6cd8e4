package dev.tiphys.controllers.autoscaling;

import dev.tiphys.controllers.common.SelectorText;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;

/// A metric of something outside the cluster, such as the length of a queue.
///
/// @param spec the metric and its target
record ExternalSource(MetricsApi metrics, Struct spec) implements MetricSource {

  @Override
  public Proposal propose(Scaled scaled) throws MetricException {
    Struct target = spec.struct("target");
    if (target.has("averageValue")) {
      long usage = usage(scaled);
      long each = Quantity.from(target.get("averageValue")).milli();
      long part = Replicas.part(usage, scaled.present());
      return proposal(
          Replicas.ofParts(usage, each, scaled.present(), scaled.tolerance()),
          Struct.of("averageValue", Quantity.ofMilli(part).toString()));
    }
    if (target.has("value")) {
      long usage = usage(scaled);
      double ratio = (double) usage / Quantity.from(target.get("value")).milli();
      return proposal(
          replicas(ratio, scaled), Struct.of("value", Quantity.ofMilli(usage).toString()));
    }
    throw new MetricException(
        "invalid external metric source: neither a value target nor an average value target was"
            + " set");
  }

  /// The size at which a value that all Pods share would meet its target.
  static long replicas(double ratio, Scaled scaled) throws MetricException {
    boolean counted = scaled.replicas() != 0 && !scaled.tolerance().covers(ratio);
    if (counted && scaled.pods().isEmpty()) {
      throw new MetricException(
          "unable to calculate ready pods: no pods returned by selector while calculating replica"
              + " count");
    }
    return Replicas.ofWhole(
        ratio, PodGroups.working(scaled.pods()), scaled.replicas(), scaled.tolerance());
  }

  private long usage(Scaled scaled) throws MetricException {
    try {
      return metrics.ofExternal(metric(), scaled.namespace());
    } catch (MetricException e) {
      throw e.during(
          "unable to get external metric %s/%s/%s"
              .formatted(scaled.namespace(), metric().string("name"), selectorText()));
    }
  }

  private Struct metric() {
    return spec.struct("metric");
  }

  private String selectorText() {
    return SelectorText.of(metric().get("selector"));
  }

  private Proposal proposal(long replicas, Struct current) {
    return new Proposal(
        replicas,
        "external metric %s(%s)".formatted(metric().string("name"), selectorText()),
        Struct.of(
            "type", "External", "external", Struct.of("metric", metric(), "current", current)));
  }

  @Override
  public String failure() {
    return "FailedGetExternalMetric";
  }

  @Override
  public String attempt() {
    String name = metric().string("name");
    String whole = "failed to get " + name + " external metric value: ";
    Struct target = spec.struct("target");
    if (target.has("averageValue")) {
      return whole + "failed to get " + name + " external metric: ";
    }
    return target.has("value") ? whole + "failed to get external metric " + name + ": " : whole;
  }
}
