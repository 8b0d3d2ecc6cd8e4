package dev.tiphys.monitoring.metricsapi;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.List;

/// What the server says that it serves.
final class Discovery {

  static final String GROUP = "metrics.k8s.io";

  private Discovery() {}

  /// `/apis`
  static Struct groups() {
    return new StructBuilder()
        .add("kind", "APIGroupList")
        .add("apiVersion", "v1")
        .add("groups", List.of(group()))
        .build();
  }

  /// `/apis/metrics.k8s.io`
  static Struct group() {
    Struct version = Struct.of("groupVersion", UsageObjects.VERSION, "version", "v1beta1");
    return new StructBuilder()
        .add("kind", "APIGroup")
        .add("apiVersion", "v1")
        .add("name", GROUP)
        .add("versions", List.of(version))
        .add("preferredVersion", version)
        .build();
  }

  /// `/apis/metrics.k8s.io/v1beta1`
  static Struct resources() {
    return new StructBuilder()
        .add("kind", "APIResourceList")
        .add("apiVersion", "v1")
        .add("groupVersion", UsageObjects.VERSION)
        .add(
            "resources",
            List.of(resource("nodes", false, "NodeMetrics"), resource("pods", true, "PodMetrics")))
        .build();
  }

  private static Struct resource(String plural, boolean namespaced, String kind) {
    return new StructBuilder()
        .add("name", plural)
        .add("singularName", "")
        .add("namespaced", namespaced)
        .add("kind", kind)
        .add("verbs", List.of("get", "list"))
        .build();
  }
}
