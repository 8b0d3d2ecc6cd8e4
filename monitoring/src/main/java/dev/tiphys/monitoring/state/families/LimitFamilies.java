package dev.tiphys.monitoring.state.families;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What says how much there may be, how little, and how many.
final class LimitFamilies {

  private static final ApiResource LIMIT_RANGES =
      new ApiResource(GroupVersion.parse("v1"), "limitranges", "LimitRange", true);
  private static final ApiResource RESOURCE_QUOTAS =
      new ApiResource(GroupVersion.parse("v1"), "resourcequotas", "ResourceQuota", true);

  private LimitFamilies() {}

  static KindFamilies ranges() {
    return KindFamilies.Builder.namespaced("kube_limitrange", LIMIT_RANGES, "limitrange")
        .gauge("", "A limit for one thing of a namespace.", LimitFamilies::range)
        .created()
        .build();
  }

  private static void range(Struct range, Samples out) {
    List<String> constraints =
        List.of("min", "max", "default", "defaultRequest", "maxLimitRequestRatio");
    for (Struct limit : range.structs("spec", "limits")) {
      String type = limit.string("type");
      for (String each : constraints) {
        limit
            .struct(each)
            .forEach(
                (resource, amount) ->
                    out.add(
                        Rule.amount(amount),
                        "resource",
                        resource,
                        "type",
                        type,
                        "constraint",
                        each));
      }
    }
  }

  static KindFamilies quotas() {
    return KindFamilies.Builder.namespaced("kube_resourcequota", RESOURCE_QUOTAS, "resourcequota")
        .created()
        .gauge(
            "",
            "How much a namespace may have, and has.",
            (quota, out) -> {
              for (String type : List.of("hard", "used")) {
                quota
                    .struct("status", type)
                    .forEach(
                        (resource, amount) ->
                            out.add(Rule.amount(amount), "resource", resource, "type", type));
              }
            })
        .build();
  }

  static KindFamilies budgets() {
    return KindFamilies.Builder.namespaced(
            "kube_poddisruptionbudget", ApiResource.POD_DISRUPTION_BUDGETS, "poddisruptionbudget")
        .created()
        .gauge(
            "_status_current_healthy",
            "Pods that are well.",
            Rule.number("status", "currentHealthy"))
        .gauge(
            "_status_desired_healthy",
            "Pods that have to be well.",
            Rule.number("status", "desiredHealthy"))
        .gauge(
            "_status_pod_disruptions_allowed",
            "Pods that may be taken away now.",
            Rule.number("status", "disruptionsAllowed"))
        .gauge(
            "_status_expected_pods", "Pods that it counts.", Rule.number("status", "expectedPods"))
        .observedGeneration()
        .deleted()
        .build();
  }

  static KindFamilies autoscalers() {
    return KindFamilies.Builder.namespaced(
            "kube_horizontalpodautoscaler",
            ApiResource.HORIZONTAL_POD_AUTOSCALERS,
            "horizontalpodautoscaler")
        .gauge("_info", "An autoscaler, with what it scales.", LimitFamilies::autoscaler)
        .generation()
        .gauge(
            "_spec_max_replicas",
            "Most Pods that there may be.",
            Rule.number("spec", "maxReplicas"))
        .gauge(
            "_spec_min_replicas",
            "Fewest Pods that there may be.",
            (object, out) ->
                out.add(
                    object.has("spec", "minReplicas") ? object.integer("spec", "minReplicas") : 1))
        .gauge(
            "_spec_target_metric",
            "What is aimed at.",
            (object, out) -> metrics(object.structs("spec", "metrics"), "target", out))
        .gauge(
            "_spec_behavior_scale_down_tolerance",
            "How far it may be off before there are fewer.",
            tolerance("scaleDown"))
        .gauge(
            "_spec_behavior_scale_up_tolerance",
            "How far it may be off before there are more.",
            tolerance("scaleUp"))
        .gauge(
            "_status_target_metric",
            "What is measured.",
            (object, out) -> metrics(object.structs("status", "currentMetrics"), "current", out))
        .gauge(
            "_status_current_replicas",
            "Pods that there are.",
            Rule.number("status", "currentReplicas"))
        .gauge(
            "_status_desired_replicas",
            "Pods that there are to be.",
            Rule.number("status", "desiredReplicas"))
        .gauge("_status_condition", "How it does.", Rule.conditions())
        .created()
        .deleted()
        .build();
  }

  private static void autoscaler(Struct object, Samples out) {
    Struct target = object.struct("spec", "scaleTargetRef");
    String version = target.string("apiVersion");
    String kind = target.string("kind");
    String name = target.string("name");
    if (version.isEmpty()) {
      out.add(1, "scaletargetref_kind", kind, "scaletargetref_name", name);
    } else {
      out.add(
          1,
          "scaletargetref_api_version",
          version,
          "scaletargetref_kind",
          kind,
          "scaletargetref_name",
          name);
    }
  }

  private static Rule tolerance(String direction) {
    return (object, out) -> {
      Object tolerance = object.get("spec", "behavior", direction, "tolerance");
      if (tolerance != null) {
        out.add(Quantity.from(tolerance).doubleValue());
      }
    };
  }

  /// @param which where a metric has its values
  private static void metrics(List<Struct> metrics, String which, Samples out) {
    for (Struct metric : metrics) {
      String source =
          switch (metric.string("type")) {
            case "Object" -> "object";
            case "Pods" -> "pods";
            case "Resource" -> "resource";
            case "ContainerResource" -> "containerResource";
            case "External" -> "external";
            default -> "";
          };
      Struct measured = metric.struct(source);
      String name =
          measured.has("metric") ? measured.string("metric", "name") : measured.string("name");
      Struct values = measured.struct(which);
      value(out, name, "value", values.get("value"), measured);
      value(out, name, "utilization", values.get("averageUtilization"), measured);
      value(out, name, "average", values.get("averageValue"), measured);
    }
  }

  private static void value(
      Samples out, String name, String type, @Nullable Object value, Struct measured) {
    if (value != null) {
      out.add(
          Rule.amount(value),
          "metric_name",
          name,
          "metric_target_type",
          type,
          "container",
          measured.string("container"));
    }
  }
}
