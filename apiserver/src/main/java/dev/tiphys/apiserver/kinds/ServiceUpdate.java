package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.allocation.ServiceNeeds;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What an update of a Service keeps of the state before, and what it drops as the new type does
/// not have it.
final class ServiceUpdate {

  private static final List<String> OF_ADDRESSES =
      List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy");

  private ServiceUpdate() {}

  /// A new Service whose address, if its maker gave one, is its first one too.
  static Struct withPluralAddress(Struct service) {
    String address = service.string("spec", "clusterIP");
    return !address.isEmpty() && service.list("spec", "clusterIPs").isEmpty()
        ? service.withAt(List.of(address), "spec", "clusterIPs")
        : service;
  }

  static Struct prepared(Struct service, Struct old) {
    return withMatchingAddresses(withOldValues(withoutForeignFields(service, old), old), old);
  }

  /// Drops what the old type had, the new one has not, and the writer did not change.
  private static Struct withoutForeignFields(Struct service, Struct old) {
    Struct next = service;
    if (ServiceNeeds.clusterIp(old) && !ServiceNeeds.clusterIp(next)) {
      boolean same = isSame(next, old, "clusterIP") && isSame(next, old, "clusterIPs");
      for (String field : OF_ADDRESSES) {
        boolean dropped = field.startsWith("clusterIP") ? same : isSame(next, old, field);
        next = dropped ? next.withoutAt("spec", field) : next;
      }
      next = next.withoutAt("spec", "internalTrafficPolicy");
    }
    if (ServiceNeeds.nodePort(old) && !ServiceNeeds.nodePort(next) && areOldNodePorts(next, old)) {
      next = withoutNodePorts(next);
    }
    if (ServiceNeeds.healthCheckPort(old) && !ServiceNeeds.healthCheckPort(next)) {
      next = dropped(next, old, "healthCheckNodePort");
    }
    if (isLoadBalancer(old) && !isLoadBalancer(next)) {
      next = dropped(next, old, "allocateLoadBalancerNodePorts");
      next = dropped(next, old, "loadBalancerClass");
    }
    if (isReachable(old) && !isReachable(next)) {
      next = dropped(next, old, "externalTrafficPolicy");
    }
    return isLoadBalancer(next) ? next : next.withAt(Struct.EMPTY, "status", "loadBalancer");
  }

  private static Struct dropped(Struct service, Struct old, String field) {
    return isSame(service, old, field) ? service.withoutAt("spec", field) : service;
  }

  private static boolean isSame(Struct service, Struct old, String field) {
    return Objects.equals(service.get("spec", field), old.get("spec", field));
  }

  private static boolean isLoadBalancer(Struct service) {
    return service.string("spec", "type").equals("LoadBalancer");
  }

  /// Whether the Service can be reached from outside, so that there is a policy for that traffic.
  private static boolean isReachable(Struct service) {
    return ServiceNeeds.nodePort(service)
        || (service.string("spec", "type").equals("ClusterIP")
            && !service.list("spec", "externalIPs").isEmpty());
  }

  private static boolean areOldNodePorts(Struct service, Struct old) {
    return portsOf(old).containsAll(portsOf(service));
  }

  /// The node ports of the Service's ports.
  private static Set<Long> portsOf(Struct service) {
    Set<Long> ports = new HashSet<>();
    service.structs("spec", "ports").forEach(port -> ports.add(port.integer("nodePort")));
    ports.remove(0L);
    return ports;
  }

  private static Struct withoutNodePorts(Struct service) {
    List<Object> ports = new ArrayList<>();
    service.structs("spec", "ports").forEach(port -> ports.add(port.without("nodePort")));
    return ports.isEmpty() ? service : service.withAt(List.copyOf(ports), "spec", "ports");
  }

  /// Fills in what the Service was given before and its writer left out.
  private static Struct withOldValues(Struct service, Struct old) {
    Struct next = service;
    if (ServiceNeeds.clusterIp(old) && ServiceNeeds.clusterIp(next)) {
      if (next.string("spec", "clusterIP").isEmpty()) {
        next = next.withAt(old.string("spec", "clusterIP"), "spec", "clusterIP");
      }
      if (next.list("spec", "clusterIPs").isEmpty() && !old.list("spec", "clusterIPs").isEmpty()) {
        next = next.withAt(old.list("spec", "clusterIPs"), "spec", "clusterIPs");
      }
    }
    if (ServiceNeeds.nodePort(old) && ServiceNeeds.nodePort(next)) {
      next = withOldNodePorts(next, old);
    }
    boolean checked = ServiceNeeds.healthCheckPort(old) && ServiceNeeds.healthCheckPort(next);
    if (checked && next.integer("spec", "healthCheckNodePort") == 0) {
      next = next.withAt(old.integer("spec", "healthCheckNodePort"), "spec", "healthCheckNodePort");
    }
    return next;
  }

  /// Ports are known by their names; a node port that another port has now is not given twice.
  private static Struct withOldNodePorts(Struct service, Struct old) {
    Map<String, Long> before = new HashMap<>();
    old.structs("spec", "ports")
        .forEach(port -> before.put(port.string("name"), port.integer("nodePort")));
    Set<Long> used = portsOf(service);
    List<Object> ports = new ArrayList<>();
    for (Struct port : service.structs("spec", "ports")) {
      long known = before.getOrDefault(port.string("name"), 0L);
      boolean filled = port.integer("nodePort") == 0 && known != 0 && !used.contains(known);
      ports.add(filled ? port.with("nodePort", known) : port);
    }
    return ports.isEmpty() ? service : service.withAt(List.copyOf(ports), "spec", "ports");
  }

  /// A writer that changes only one of the two fields that hold the address means both.
  private static Struct withMatchingAddresses(Struct service, Struct old) {
    String address = service.string("spec", "clusterIP");
    boolean changed = !address.equals(old.string("spec", "clusterIP"));
    if (!changed || !isSame(service, old, "clusterIPs")) {
      return service;
    }
    return address.isEmpty()
        ? service.withoutAt("spec", "clusterIPs")
        : service.withAt(List.of(address), "spec", "clusterIPs");
  }
}
