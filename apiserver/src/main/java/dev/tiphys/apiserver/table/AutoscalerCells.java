package dev.tiphys.apiserver.table;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// What the columns of HorizontalPodAutoscalers show.
final class AutoscalerCells {

  private static final int SHOWN = 2;
  private static final String UNKNOWN = "<unknown>";

  private AutoscalerCells() {}

  static String reference(Struct scaler) {
    Struct target = scaler.struct("spec", "scaleTargetRef");
    return target.string("kind") + "/" + target.string("name");
  }

  static String targets(Struct scaler) {
    List<Struct> metrics = scaler.structs("spec", "metrics");
    List<Struct> current = scaler.structs("status", "currentMetrics");
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < metrics.size(); i++) {
      shown.add(target(metrics.get(i), i < current.size() ? current.get(i) : Struct.EMPTY));
    }
    if (shown.isEmpty()) {
      return "<none>";
    }
    if (shown.size() <= SHOWN) {
      return String.join(", ", shown);
    }
    return String.join(", ", shown.subList(0, SHOWN)) + " + " + (shown.size() - SHOWN) + " more...";
  }

  private static String target(Struct metric, Struct current) {
    String field =
        switch (metric.string("type")) {
          case "External" -> "external";
          case "Pods" -> "pods";
          case "Object" -> "object";
          case "ContainerResource" -> "containerResource";
          default -> "resource";
        };
    Struct wanted = metric.struct(field, "target");
    Struct now = current.struct(field, "current");
    String name =
        field.equals("resource") || field.equals("containerResource")
            ? metric.string(field, "name") + ": "
            : "";
    if (wanted.has("averageUtilization")) {
      String value =
          now.has("averageUtilization") ? now.integer("averageUtilization") + "%" : UNKNOWN;
      return name + value + "/" + wanted.integer("averageUtilization") + "%";
    }
    if (wanted.has("averageValue")) {
      String value = now.string("averageValue");
      return name
          + (value.isEmpty() ? UNKNOWN : value)
          + "/"
          + wanted.string("averageValue")
          + (field.equals("pods") || !name.isEmpty() ? "" : " (avg)");
    }
    String value = now.string("value");
    return name + (value.isEmpty() ? UNKNOWN : value) + "/" + wanted.string("value");
  }
}
