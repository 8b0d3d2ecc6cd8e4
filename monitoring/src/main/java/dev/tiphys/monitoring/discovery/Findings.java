package dev.tiphys.monitoring.discovery;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a search has found, by the objects that it was found at: a change of one costs no look at
/// the others.
///
/// Threads: one at a time.
final class Findings {

  private final ClusterView cluster;
  private final Search search;
  private final Map<ObjectKey, String> found = new TreeMap<>();

  Findings(ClusterView cluster, Search search) {
    this.cluster = cluster;
    this.search = search;
    cluster.of(resource()).list().forEach(each -> look(ObjectKey.of(each)));
  }

  /// At which objects targets are found.
  private ApiResource resource() {
    return switch (search.role()) {
      case "endpoints", "endpointslice", "service" -> ApiResource.SERVICES;
      case "pod" -> ApiResource.PODS;
      case "ingress" -> ApiResource.INGRESSES;
      default -> ApiResource.NODES;
    };
  }

  /// Looks at an object. Returns whether something else is found there than before.
  boolean look(ObjectKey key) {
    Struct object = cluster.of(resource()).find(key);
    String role = search.ofEndpoints() ? "service" : search.role();
    List<Struct> targets =
        object != null && search.matches(role, object) ? targets(object) : List.of();
    @Nullable String before = targets.isEmpty() ? found.remove(key) : found.put(key, text(targets));
    return targets.isEmpty() ? before != null : !text(targets).equals(before);
  }

  private List<Struct> targets(Struct object) {
    return switch (search.role()) {
      case "endpoints", "endpointslice" -> EndpointTargets.of(cluster, search, object);
      case "service" -> OtherTargets.ofService(object);
      case "pod" -> new PodTargets(cluster).of(search, object);
      case "ingress" -> OtherTargets.ofIngress(object);
      default -> OtherTargets.ofNode(object);
    };
  }

  private static String text(List<Struct> targets) {
    StringBuilder text = new StringBuilder();
    for (Struct each : targets) {
      text.append(text.isEmpty() ? "" : ",\n").append(Json.text(each));
    }
    return text.toString();
  }

  /// All of it, as a file has it.
  byte[] file() {
    StringBuilder all = new StringBuilder("[");
    for (String each : found.values()) {
      all.append(all.length() == 1 ? "\n" : ",\n").append(each);
    }
    return all.append("]\n").toString().getBytes(StandardCharsets.UTF_8);
  }
}
