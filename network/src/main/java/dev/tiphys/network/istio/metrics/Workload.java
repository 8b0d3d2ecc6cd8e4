package dev.tiphys.network.istio.metrics;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import org.jspecify.annotations.Nullable;

/// What a Pod belongs to, as metrics name it.
record Workload(String name, String namespace, String app, String version) {

  static final Workload UNKNOWN = new Workload("unknown", "unknown", "unknown", "unknown");

  /// @param pod null if it is not known
  static Workload of(@Nullable Struct pod) {
    if (pod == null) {
      return UNKNOWN;
    }
    Meta meta = Meta.of(pod);
    return new Workload(
        name(meta),
        meta.namespace(),
        label(meta, "app", "app.kubernetes.io/name"),
        label(meta, "version", "app.kubernetes.io/version"));
  }

  /// A ReplicaSet is called as its Deployment, with a hash behind.
  private static String name(Meta pod) {
    Struct owner = pod.controller();
    String name = owner == null ? pod.name() : owner.string("name");
    String hash = "-" + pod.label("pod-template-hash");
    return hash.length() > 1 && name.endsWith(hash)
        ? name.substring(0, name.length() - hash.length())
        : name;
  }

  private static String label(Meta pod, String... names) {
    for (String name : names) {
      if (!pod.label(name).isEmpty()) {
        return pod.label(name);
      }
    }
    return "unknown";
  }
}
