package dev.tiphys.monitoring.adapter;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ServedResource;
import dev.tiphys.client.ServedResources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The resources of the cluster that metrics can be of.
///
/// @param all those of the core first
record Kinds(List<ApiResource> all) {

  /// What serves metrics has none.
  private static final Set<String> OF_METRICS =
      Set.of("metrics.k8s.io", "custom.metrics.k8s.io", "external.metrics.k8s.io");

  Kinds {
    all = List.copyOf(all);
  }

  static Kinds of(ServedResources served) {
    List<ApiResource> all = new ArrayList<>();
    for (ServedResource each : served.known()) {
      ApiResource resource = each.resource();
      if (!resource.plural().contains("/") && !OF_METRICS.contains(group(resource))) {
        all.add(resource);
      }
    }
    all.sort(Comparator.comparing(resource -> !group(resource).isEmpty())); // stable
    return new Kinds(all);
  }

  /// The resource of a name as people write it, in the plural or not.
  ///
  /// @param group empty for the core
  @Nullable ApiResource find(String group, String name) {
    for (ApiResource resource : all) {
      if (group(resource).equals(group)
          && (resource.plural().equals(name) || singular(resource).equals(name))) {
        return resource;
      }
    }
    return null;
  }

  /// The resource that a path names: `pods`, `deployments.apps`.
  @Nullable ApiResource find(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? find("", path) : find(path.substring(dot + 1), path.substring(0, dot));
  }

  static String group(ApiResource resource) {
    return resource.groupVersion().group();
  }

  static String singular(ApiResource resource) {
    return resource.kind().toLowerCase(Locale.ROOT);
  }
}
