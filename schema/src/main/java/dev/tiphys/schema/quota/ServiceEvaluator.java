package dev.tiphys.schema.quota;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Services count by their number, their load balancers and their node ports.
final class ServiceEvaluator implements Evaluator {

  private static final String COUNT = Evaluators.countName("services");
  private static final String LOAD_BALANCERS = "services.loadbalancers";
  private static final String NODE_PORTS = "services.nodeports";
  private static final List<String> NAMES = List.of(COUNT, "services", LOAD_BALANCERS, NODE_PORTS);

  /// The type of a Service can change.
  @Override
  public boolean counts(boolean creates, String subresource) {
    return true;
  }

  @Override
  public List<String> matching(Collection<String> limited) {
    return limited.stream().filter(NAMES::contains).sorted().toList();
  }

  @Override
  public Map<String, Quantity> usage(Struct service, Instant now) {
    String type = service.string("spec", "type");
    Map<String, Quantity> usage = new TreeMap<>();
    usage.put(COUNT, CountEvaluator.ONE);
    usage.put("services", CountEvaluator.ONE);
    usage.put(LOAD_BALANCERS, Quantity.of(type.equals("LoadBalancer") ? 1 : 0));
    usage.put(NODE_PORTS, Quantity.of(nodePorts(service, type)));
    return usage;
  }

  /// Ports may not have been allocated yet, so what counts is what is asked for.
  private static long nodePorts(Struct service, String type) {
    List<Struct> ports = service.structs("spec", "ports");
    return switch (type) {
      case "NodePort" -> ports.size();
      case "LoadBalancer" ->
          Boolean.FALSE.equals(service.get("spec", "allocateLoadBalancerNodePorts"))
              ? ports.stream().filter(port -> port.integer("nodePort") != 0).count()
              : ports.size();
      default -> 0;
    };
  }
}
