package dev.tiphys.controllers.autoscaling;

import dev.tiphys.object.Struct;

/// One of an autoscaler's metrics.
interface MetricSource {

  /// The size that the metric asks for.
  ///
  /// @throws MetricException if that can't be told now
  Proposal propose(Scaled scaled) throws MetricException;

  /// The reason that conditions and events give when it can't be told.
  String failure();

  /// What could not be done then, as messages begin.
  String attempt();

  /// @param metric an element of an autoscaler's `spec.metrics`
  static MetricSource of(Struct metric, MetricsApi metrics) {
    String type = metric.string("type");
    return switch (type) {
      case "Resource" -> new ResourceSource(metrics, metric.struct("resource"), "");
      case "ContainerResource" -> {
        Struct source = metric.struct("containerResource");
        yield new ResourceSource(metrics, source, source.string("container"));
      }
      case "Pods" -> new PodsSource(metrics, metric.struct("pods"));
      case "Object" -> new ObjectSource(metrics, metric.struct("object"));
      case "External" -> new ExternalSource(metrics, metric.struct("external"));
      default -> new UnknownSource(type);
    };
  }
}
