package dev.tiphys.monitoring.adapter;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What the server says that it serves: each metric is a resource of its own.
final class AdapterDiscovery {

  static final String CUSTOM = "custom.metrics.k8s.io";
  static final String EXTERNAL = "external.metrics.k8s.io";

  /// The newest first.
  static final List<String> CUSTOM_VERSIONS = List.of("v1beta2", "v1beta1");

  static final String EXTERNAL_VERSION = "v1beta1";

  private AdapterDiscovery() {}

  /// `/apis`
  static Struct groups() {
    return new StructBuilder()
        .add("kind", "APIGroupList")
        .add("apiVersion", "v1")
        .add("groups", List.of(group(CUSTOM), group(EXTERNAL)))
        .build();
  }

  /// `/apis/GROUP`
  static Struct group(String group) {
    List<Struct> versions = new ArrayList<>();
    for (String version : group.equals(CUSTOM) ? CUSTOM_VERSIONS : List.of(EXTERNAL_VERSION)) {
      versions.add(Struct.of("groupVersion", group + "/" + version, "version", version));
    }
    return new StructBuilder()
        .add("kind", "APIGroup")
        .add("apiVersion", "v1")
        .add("name", group)
        .add("versions", versions)
        .add("preferredVersion", versions.getFirst())
        .build();
  }

  static Struct custom(String version, Directory directory) {
    TreeSet<String> namespaced = new TreeSet<>();
    TreeSet<String> others = new TreeSet<>();
    for (Directory.Metric metric : directory.ofObjects().keySet()) {
      String name = MetricValues.path(metric.resource()) + "/" + metric.name();
      (metric.namespaced() ? namespaced : others).add(name);
    }
    List<Struct> resources = new ArrayList<>();
    namespaced.forEach(name -> resources.add(resource(name, true, "MetricValueList")));
    others.forEach(name -> resources.add(resource(name, false, "MetricValueList")));
    return list(CUSTOM + "/" + version, resources);
  }

  static Struct external(Directory directory) {
    return list(
        EXTERNAL + "/" + EXTERNAL_VERSION,
        new TreeSet<>(directory.external().keySet())
            .stream().map(name -> resource(name, true, "ExternalMetricValueList")).toList());
  }

  private static Struct list(String groupVersion, List<Struct> resources) {
    return new StructBuilder()
        .add("kind", "APIResourceList")
        .add("apiVersion", "v1")
        .add("groupVersion", groupVersion)
        .add("resources", resources)
        .build();
  }

  private static Struct resource(String name, boolean namespaced, String kind) {
    return new StructBuilder()
        .add("name", name)
        .add("singularName", "")
        .add("namespaced", namespaced)
        .add("kind", kind)
        .add("verbs", List.of("get"))
        .build();
  }
}
