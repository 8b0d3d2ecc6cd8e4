package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.Quantity;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.ResourceNames;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Rules for the metrics that Pods are scaled by.
final class MetricRules {

  private static final List<String> TYPES =
      List.of("ContainerResource", "External", "Object", "Pods", "Resource");
  private static final List<String> TARGETS = List.of("Utilization", "Value", "AverageValue");

  private MetricRules() {}

  /// Where a metric comes from.
  private record Source(String field, String type, Consumer<FieldValue> rules) {}

  private static final List<Source> SOURCES =
      List.of(
          new Source("object", "Object", MetricRules::object),
          new Source("external", "External", MetricRules::external),
          new Source("pods", "Pods", MetricRules::pods),
          new Source("resource", "Resource", MetricRules::resource),
          new Source("containerResource", "ContainerResource", MetricRules::containerResource));

  /// @param toZero whether there may be no Pods, which do not tell anything then
  static void metrics(FieldValue metrics, boolean toZero) {
    metrics.items().forEach(MetricRules::metric);
    boolean fromElsewhere =
        metrics.structs().stream()
            .map(metric -> metric.string("type"))
            .anyMatch(type -> type.equals("Object") || type.equals("External"));
    if (toZero && !fromElsewhere) {
      metrics.forbidden(
          "must specify at least one Object or External metric to support scaling to zero"
              + " replicas");
    }
  }

  private static void metric(FieldValue metric) {
    FieldValue type = metric.at("type");
    type.mustBeSet("must specify a metric source type");
    type.mustBeOneOf(TYPES);
    List<Source> present = SOURCES.stream().filter(s -> metric.at(s.field()).isSet()).toList();
    if (!present.isEmpty()) {
      Source first = present.getFirst();
      first.rules().accept(metric.at(first.field()));
    }
    String expected =
        SOURCES.stream()
            .filter(source -> type.is(source.type()))
            .map(Source::field)
            .collect(Collectors.joining());
    if (expected.isEmpty()) {
      type.notSupported(TYPES);
    } else if (!metric.at(expected).isSet()) {
      metric.at(expected).required("must populate information for the given metric source");
    }
    if (present.size() > 1) {
      present.stream()
          .map(Source::field)
          .filter(field -> !field.equals(expected))
          .forEach(
              field -> metric.at(field).forbidden("must populate the given metric source only"));
    }
  }

  private static void object(FieldValue source) {
    AutoscalerRules.reference(source.at("describedObject"), AutoscalerRules.Group.ANY);
    name(source);
    FieldValue target = target(source);
    if (!target.at("value").isSet()) {
      oneOf(target, "averageValue", "must set either a target value or averageValue");
    }
  }

  private static void external(FieldValue source) {
    name(source);
    FieldValue target = target(source);
    FieldValue value = target.at("value");
    if (!value.isSet()) {
      oneOf(
          target, "averageValue", "must set either a target value for metric or a per-pod target");
    } else if (target.at("averageValue").isSet()) {
      value.forbidden("may not set both a target value for metric and a per-pod target");
    }
  }

  private static void pods(FieldValue source) {
    name(source);
    oneOf(target(source), "averageValue", "must specify a positive target averageValue");
  }

  private static void resource(FieldValue source) {
    source.at("name").mustBeSet("must specify a resource name");
    resourceTarget(target(source));
  }

  private static void containerResource(FieldValue source) {
    FieldValue name = source.at("name");
    if (name.mustBeSet("must specify a resource name")) {
      ResourceNames.ofContainer(name, name.string());
    }
    FieldValue container = source.at("container");
    if (container.mustBeSet("must specify a container")) {
      container.mustBe(Formats::dnsLabel);
    }
    resourceTarget(target(source));
  }

  private static void resourceTarget(FieldValue target) {
    FieldValue value = target.at("averageValue");
    if (!value.isSet()) {
      oneOf(
          target,
          "averageUtilization",
          "must set either a target raw value or a target utilization");
    } else if (target.at("averageUtilization").isSet()) {
      value.forbidden("may not set both a target raw value and a target utilization");
    }
  }

  private static void oneOf(FieldValue target, String field, String detail) {
    if (!target.at(field).isSet()) {
      target.at(field).required(detail);
    }
  }

  private static void name(FieldValue source) {
    FieldValue name = source.at("metric", "name");
    if (name.mustBeSet("must specify a metric name")) {
      name.mustBe(Formats::pathSegment);
    }
  }

  private static FieldValue target(FieldValue source) {
    FieldValue target = source.at("target");
    FieldValue type = target.at("type");
    type.mustBeSet("must specify a metric target type");
    if (!TARGETS.contains(type.string())) {
      type.invalid(type.string(), "must be either Utilization, Value, or AverageValue");
    }
    for (FieldValue value : List.of(target.at("value"), target.at("averageValue"))) {
      if (value.isSet() && Quantity.from(value.value()).compareTo(Quantity.ZERO) <= 0) {
        value.invalid("must be positive");
      }
    }
    utilization(target.at("averageUtilization"));
    return target;
  }

  static void utilization(FieldValue share) {
    if (share.isSet() && share.integer() < 1) {
      share.invalid("must be greater than 0");
    }
  }
}
