package dev.tiphys.apiserver.allocation;

import dev.tiphys.object.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a Service of a type needs, and what it has.
public final class ServiceNeeds {

  private static final String NONE = "None";

  private ServiceNeeds() {}

  /// Whether the Service has cluster IPs, be it none of its own.
  public static boolean clusterIp(Struct service) {
    return !service.string("spec", "type").equals("ExternalName");
  }

  public static boolean isHeadless(Struct service) {
    return service.string("spec", "clusterIP").equals(NONE)
        || service.list("spec", "clusterIPs").contains(NONE);
  }

  /// The addresses that a Service has, or that its maker wants; none of one without any.
  static List<String> addresses(Struct service) {
    return service.struct("spec").strings("clusterIPs").stream()
        .filter(address -> !address.isEmpty() && !address.equals(NONE))
        .toList();
  }

  /// Whether its ports may have node ports.
  public static boolean nodePort(Struct service) {
    return switch (service.string("spec", "type")) {
      case "NodePort", "LoadBalancer" -> true;
      default -> false;
    };
  }

  /// Whether ports without a node port are given one.
  static boolean newNodePorts(Struct service) {
    return switch (service.string("spec", "type")) {
      case "NodePort" -> true;
      case "LoadBalancer" -> service.bool("spec", "allocateLoadBalancerNodePorts");
      default -> false;
    };
  }

  /// Whether a load balancer asks nodes which of them have endpoints.
  public static boolean healthCheckPort(Struct service) {
    return service.string("spec", "type").equals("LoadBalancer")
        && service.string("spec", "externalTrafficPolicy").equals("Local");
  }

  /// The node ports that a Service has.
  public static Set<Long> nodePorts(Struct service) {
    Set<Long> ports = new HashSet<>();
    service.structs("spec", "ports").forEach(port -> ports.add(port.integer("nodePort")));
    ports.add(service.integer("spec", "healthCheckNodePort"));
    ports.remove(0L);
    return ports;
  }
}
