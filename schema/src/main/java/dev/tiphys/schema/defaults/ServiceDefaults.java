package dev.tiphys.schema.defaults;

import dev.tiphys.object.Struct;
import java.util.Set;

/// Defaults of Services.
final class ServiceDefaults {

  private static final long THREE_HOURS = 10_800;
  private static final Set<String> WITH_CLUSTER_IP =
      Set.of("ClusterIP", "NodePort", "LoadBalancer");

  private ServiceDefaults() {}

  static Struct service(Struct service) {
    Struct completed = Edits.in(service, "spec", ServiceDefaults::spec);
    return completed.string("spec", "type").equals("LoadBalancer")
        ? Edits.in(
            completed,
            "status",
            status -> Edits.in(status, "loadBalancer", ServiceDefaults::loadBalancer))
        : completed;
  }

  private static Struct spec(Struct spec) {
    Struct completed = affinity(spec);
    completed = Edits.inEach(completed, "ports", ServiceDefaults::port);
    String type = completed.string("type");
    if (completed.string("externalTrafficPolicy").isEmpty() && isReachableFromOutside(completed)) {
      completed = completed.with("externalTrafficPolicy", "Cluster");
    }
    if (WITH_CLUSTER_IP.contains(type)) {
      completed = Edits.fill(completed, "internalTrafficPolicy", "Cluster");
    }
    if (type.equals("LoadBalancer")) {
      completed = Edits.fill(completed, "allocateLoadBalancerNodePorts", true);
    }
    return completed;
  }

  private static Struct affinity(Struct spec) {
    return switch (spec.string("sessionAffinity")) {
      case "", "None" -> spec.with("sessionAffinity", "None").without("sessionAffinityConfig");
      case "ClientIP" ->
          spec.has("sessionAffinityConfig", "clientIP", "timeoutSeconds")
              ? spec
              : spec.with(
                  "sessionAffinityConfig",
                  Struct.of("clientIP", Struct.of("timeoutSeconds", THREE_HOURS)));
      default -> spec;
    };
  }

  private static Struct port(Struct port) {
    Object target = port.get("targetPort");
    boolean unset = target == null || target.equals(0L) || target.equals("");
    return unset ? port.with("targetPort", port.integer("port")) : port;
  }

  private static boolean isReachableFromOutside(Struct spec) {
    return switch (spec.string("type")) {
      case "LoadBalancer", "NodePort" -> true;
      case "ClusterIP" -> !spec.list("externalIPs").isEmpty();
      default -> false;
    };
  }

  private static Struct loadBalancer(Struct status) {
    return Edits.inEach(
        status,
        "ingress",
        ingress -> ingress.string("ip").isEmpty() ? ingress : Edits.fill(ingress, "ipMode", "VIP"));
  }
}
