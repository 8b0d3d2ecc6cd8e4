package dev.tiphys.apiserver.conversion;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// HorizontalPodAutoscalers of `autoscaling/v1`, which knows one CPU target only. What else version
/// 2 says is kept in annotations, so nothing is lost on the way there and back.
final class AutoscalerConversion implements Conversion {

  private static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
  private static final String BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";
  private static final String CURRENT_METRICS = "autoscaling.alpha.kubernetes.io/current-metrics";
  private static final String CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
  private static final String TARGET = "targetCPUUtilizationPercentage";
  private static final String CURRENT = "currentCPUUtilizationPercentage";
  private static final long DEFAULT_TARGET = 80;

  @Override
  public Struct toStored(Struct served) {
    Struct annotations = served.struct("metadata", "annotations");
    Struct spec = served.struct("spec");
    List<Object> metrics = new ArrayList<>();
    if (spec.has(TARGET)) {
      metrics.add(cpu("target", spec.integer(TARGET)));
    }
    metrics.addAll(list(annotations, METRICS));
    if (metrics.isEmpty()) {
      metrics.add(cpu("target", DEFAULT_TARGET));
    }
    StructBuilder newSpec =
        StructBuilder.from(spec.without(TARGET)).add("metrics", List.copyOf(metrics));
    if (parsed(annotations, BEHAVIOR) instanceof Struct behavior) {
      newSpec.add("behavior", behavior);
    }
    Struct status = served.struct("status");
    List<Object> current = new ArrayList<>();
    if (status.has(CURRENT)) {
      current.add(cpu("current", status.integer(CURRENT)));
    }
    current.addAll(list(annotations, CURRENT_METRICS));
    Struct newStatus =
        StructBuilder.from(status.without(CURRENT))
            .addUnlessEmpty("currentMetrics", List.copyOf(current))
            .addUnlessEmpty("conditions", list(annotations, CONDITIONS))
            .build();
    return StructBuilder.from(withoutExtras(served, annotations))
        .add("apiVersion", "autoscaling/v2")
        .add("spec", newSpec.build())
        .add("status", newStatus)
        .build();
  }

  @Override
  public Struct toServed(Struct stored) {
    Struct spec = stored.struct("spec");
    Struct status = stored.struct("status");
    StructBuilder extras = StructBuilder.from(stored.struct("metadata", "annotations"));
    StructBuilder newSpec = StructBuilder.from(spec.without("metrics").without("behavior"));
    List<Object> others = new ArrayList<>();
    for (Struct metric : spec.structs("metrics")) {
      Struct target = metric.struct("resource", "target");
      if (isCpu(metric) && target.has("averageUtilization")) {
        newSpec.add(TARGET, target.integer("averageUtilization"));
      } else {
        others.add(metric);
      }
    }
    keep(extras, METRICS, others);
    if (spec.get("behavior") instanceof Struct behavior) {
      extras.add(BEHAVIOR, Json.text(behavior));
    }
    StructBuilder newStatus =
        StructBuilder.from(status.without("currentMetrics").without("conditions"))
            .add("currentReplicas", status.integer("currentReplicas")); // written even if it is 0
    List<Object> currents = new ArrayList<>();
    for (Struct metric : status.structs("currentMetrics")) {
      Struct current = metric.struct("resource", "current");
      if (isCpu(metric) && current.has("averageUtilization")) {
        newStatus.add(CURRENT, current.integer("averageUtilization"));
      } else {
        currents.add(metric);
      }
    }
    keep(extras, CURRENT_METRICS, currents);
    keep(extras, CONDITIONS, status.list("conditions"));
    Struct annotations = extras.build();
    Struct metadata = stored.struct("metadata");
    return StructBuilder.from(stored)
        .add("apiVersion", "autoscaling/v1")
        .add(
            "metadata",
            annotations.isEmpty() ? metadata : metadata.with("annotations", annotations))
        .add("spec", newSpec.build())
        .add("status", newStatus.build())
        .build();
  }

  private static boolean isCpu(Struct metric) {
    return metric.string("type").equals("Resource")
        && metric.string("resource", "name").equals("cpu");
  }

  private static Struct cpu(String role, long percentage) {
    Struct value =
        role.equals("target")
            ? Struct.of("type", "Utilization", "averageUtilization", percentage)
            : Struct.of("averageUtilization", percentage);
    return Struct.of("type", "Resource", "resource", Struct.of("name", "cpu", role, value));
  }

  private static void keep(StructBuilder annotations, String key, List<?> extras) {
    if (!extras.isEmpty()) {
      annotations.add(key, Json.text(List.copyOf(extras)));
    }
  }

  private static Struct withoutExtras(Struct object, Struct annotations) {
    Struct rest =
        annotations.without(METRICS).without(BEHAVIOR).without(CURRENT_METRICS).without(CONDITIONS);
    return rest.isEmpty()
        ? object.withoutAt("metadata", "annotations")
        : object.withAt(rest, "metadata", "annotations");
  }

  private static List<?> list(Struct annotations, String key) {
    return parsed(annotations, key) instanceof List<?> list ? list : List.of();
  }

  /// What an annotation holds; its text is a client's, so it may be anything.
  private static Object parsed(Struct annotations, String key) {
    String text = annotations.string(key);
    if (text.isEmpty()) {
      return "";
    }
    try {
      return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    } catch (EncodingException e) {
      return "";
    }
  }
}
