package dev.tiphys.monitoring.discovery;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a search has found, by the objects that it was found at: a change of one costs no look at
/// the others.
///
/// Threads: one at a time.
final class Findings {

  private static final byte[] FIRST = {'[', '\n'};
  private static final byte[] NEXT = {',', '\n'};
  private static final byte[] LAST = {']', '\n'};
  private static final byte[] NONE = {'[', ']', '\n'};

  private final ClusterView cluster;
  private final Search search;
  private final Map<ObjectKey, byte[]> found = new TreeMap<>();

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
    if (targets.isEmpty()) {
      return found.remove(key) != null;
    }
    byte[] now = text(targets);
    return !Arrays.equals(now, found.put(key, now));
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

  private static byte[] text(List<Struct> targets) {
    StringBuilder text = new StringBuilder();
    for (Struct each : targets) {
      text.append(text.isEmpty() ? "" : ",\n").append(Json.text(each));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Writes all of it, as a file has it. That is what most of a change costs where there are many
  /// targets: nothing is made of them that is not kept already.
  void write(OutputStream file) throws IOException {
    byte[] before = FIRST;
    for (byte[] each : found.values()) {
      file.write(before);
      file.write(each);
      before = NEXT;
    }
    file.write(found.isEmpty() ? NONE : LAST);
  }
}
