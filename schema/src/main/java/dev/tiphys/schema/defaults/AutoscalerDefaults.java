package dev.tiphys.schema.defaults;

import dev.tiphys.object.Struct;
import java.util.List;

/// Defaults of HorizontalPodAutoscalers.
final class AutoscalerDefaults {

  private static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
  private static final long TARGET_UTILIZATION = 80;

  private static final Struct UP =
      Struct.of(
          "policies",
          List.of(policy("Pods", 4), policy("Percent", 100)),
          "selectPolicy",
          "Max",
          "stabilizationWindowSeconds",
          0L);
  private static final Struct DOWN =
      Struct.of("policies", List.of(policy("Percent", 100)), "selectPolicy", "Max");

  private AutoscalerDefaults() {}

  private static Struct policy(String type, long value) {
    return Struct.of("periodSeconds", 15L, "type", type, "value", value);
  }

  /// Version 1 has no metrics but one; others stand in an annotation.
  static Struct version1(Struct autoscaler) {
    return autoscaler.has("metadata", "annotations", METRICS)
        ? autoscaler
        : Edits.in(
            autoscaler,
            "spec",
            spec -> Edits.fill(spec, "targetCPUUtilizationPercentage", TARGET_UTILIZATION));
  }

  /// Once the behaviour of one direction is given, both are spelled out.
  static Struct version2(Struct autoscaler) {
    return Edits.in(
        autoscaler,
        "spec",
        spec ->
            Edits.in(
                spec,
                "behavior",
                behavior ->
                    Edits.fillMap(Edits.fillMap(behavior, "scaleUp", UP), "scaleDown", DOWN)));
  }
}
