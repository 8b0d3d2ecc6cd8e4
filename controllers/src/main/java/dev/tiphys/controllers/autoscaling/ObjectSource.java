package dev.tiphys.controllers.autoscaling;

import dev.tiphys.controllers.common.SelectorText;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;

/// A metric of one other object, such as the requests that an Ingress gets.
///
/// @param spec the object, its metric and the target
record ObjectSource(MetricsApi metrics, Struct spec) implements MetricSource {

  @Override
  public Proposal propose(Scaled scaled) throws MetricException {
    Struct target = spec.struct("target");
    return switch (target.string("type")) {
      case "Value" -> byValue(scaled, Quantity.from(target.get("value")).milli());
      case "AverageValue" -> byPart(scaled, Quantity.from(target.get("averageValue")).milli());
      default ->
          throw new MetricException(
              "invalid object metric source: neither a value target nor an average value target"
                  + " was set");
    };
  }

  private Proposal byValue(Scaled scaled, long target) throws MetricException {
    long usage = usage(scaled);
    double ratio = (double) usage / target;
    return new Proposal(
        ExternalSource.replicas(ratio, scaled),
        object().string("kind") + " metric " + metric().string("name"),
        status(Struct.of("value", Quantity.ofMilli(usage).toString())));
  }

  private Proposal byPart(Scaled scaled, long target) throws MetricException {
    long usage = usage(scaled);
    long part = Replicas.part(usage, scaled.present());
    return new Proposal(
        Replicas.ofParts(usage, target, scaled.present(), scaled.tolerance()),
        "external metric %s(%s)"
            .formatted(metric().string("name"), SelectorText.of(metric().get("selector"))),
        status(Struct.of("averageValue", Quantity.ofMilli(part).toString())));
  }

  private long usage(Scaled scaled) throws MetricException {
    try {
      return metrics.ofObject(metric(), scaled.namespace(), object());
    } catch (MetricException e) {
      throw new MetricException(
          "unable to get metric %s: %s on %s %s/%s"
              .formatted(
                  metric().string("name"),
                  e.message(),
                  object().string("kind"),
                  scaled.namespace(),
                  object().string("name")));
    }
  }

  private Struct metric() {
    return spec.struct("metric");
  }

  private Struct object() {
    return spec.struct("describedObject");
  }

  private Struct status(Struct current) {
    Struct status = Struct.of("describedObject", object(), "metric", metric(), "current", current);
    return Struct.of("type", "Object", "object", status);
  }

  @Override
  public String failure() {
    return "FailedGetObjectMetric";
  }

  @Override
  public String attempt() {
    String whole = "failed to get object metric value: ";
    return spec.string("target", "type").equals("AverageValue")
        ? whole + "failed to get " + metric().string("name") + " object metric: "
        : whole;
  }
}
