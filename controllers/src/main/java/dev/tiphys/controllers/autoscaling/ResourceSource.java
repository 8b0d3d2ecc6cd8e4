package dev.tiphys.controllers.autoscaling;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.Map;

/// What the Pods, or one container of each, use of a resource such as `cpu`.
///
/// @param spec the name of the resource and the target
/// @param container empty for whole Pods
record ResourceSource(MetricsApi metrics, Struct spec, String container) implements MetricSource {

  private static final String CPU = "cpu";

  @Override
  public Proposal propose(Scaled scaled) throws MetricException {
    Struct target = spec.struct("target");
    if (target.has("averageValue")) {
      try {
        return byValue(scaled, Quantity.from(target.get("averageValue")).milli());
      } catch (MetricException e) {
        throw e.during("failed to get " + resource() + " usage");
      }
    }
    if (!target.has("averageUtilization")) {
      throw new MetricException(
          "invalid resource metric source: neither an average utilization target nor an average"
              + " value (usage) target was set");
    }
    try {
      return byUtilization(scaled, target.integer("averageUtilization"));
    } catch (MetricException e) {
      throw e.during("failed to get " + resource() + " utilization");
    }
  }

  private Proposal byValue(Scaled scaled, long target) throws MetricException {
    PodUsage usage = PodUsage.of(scaled, samples(scaled), resource().equals(CPU));
    Struct current =
        Struct.of("averageValue", Quantity.ofMilli(Measure.average(usage.values())).toString());
    return new Proposal(
        usage.replicas(new Measure.Average(target), scaled),
        resource() + " resource",
        status(current));
  }

  private Proposal byUtilization(Scaled scaled, long target) throws MetricException {
    PodUsage usage = PodUsage.of(scaled, samples(scaled), resource().equals(CPU));
    Measure.Utilization measure =
        new Measure.Utilization(Requests.of(scaled.pods(), resource(), container), target);
    Struct current =
        Struct.of(
            "averageUtilization",
            measure.percent(usage.values()),
            "averageValue",
            Quantity.ofMilli(measure.averageOfKnown(usage.values())).toString());
    String what = container.isEmpty() ? " resource" : " container resource";
    return new Proposal(
        usage.replicas(measure, scaled),
        resource() + what + " utilization (percentage of request)",
        status(current));
  }

  private Map<String, Sample> samples(Scaled scaled) throws MetricException {
    try {
      return metrics.ofResource(resource(), scaled.namespace(), scaled.selector(), container);
    } catch (MetricException e) {
      throw e.during("unable to get metrics for resource " + resource());
    }
  }

  private String resource() {
    return spec.string("name");
  }

  private Struct status(Struct current) {
    Struct status =
        new StructBuilder()
            .add("name", resource())
            .addUnlessEmpty("container", container)
            .add("current", current)
            .build();
    return container.isEmpty()
        ? Struct.of("type", "Resource", "resource", status)
        : Struct.of("type", "ContainerResource", "containerResource", status);
  }

  @Override
  public String failure() {
    return container.isEmpty() ? "FailedGetResourceMetric" : "FailedGetContainerResourceMetric";
  }

  @Override
  public String attempt() {
    return container.isEmpty()
        ? "failed to get " + resource() + " resource metric value: "
        : "failed to get " + container + " container metric value: ";
  }
}
