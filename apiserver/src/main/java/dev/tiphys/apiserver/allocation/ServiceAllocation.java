package dev.tiphys.apiserver.allocation;

import dev.tiphys.apiserver.registry.Allocation;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one write of a Service takes, and what it gives back.
///
/// Threads: one.
final class ServiceAllocation implements Allocation {

  private final ClusterAddresses addresses;
  private final NodePorts nodePorts;
  private final boolean dry;
  private final Set<Long> ownPorts; // of the state before
  private final Set<Long> takenPorts = new HashSet<>();
  private final List<String> takenAddresses = new ArrayList<>();
  private final @Nullable Struct old;
  private Struct service;

  private ServiceAllocation(
      ClusterAddresses addresses,
      NodePorts nodePorts,
      boolean dry,
      Struct service,
      @Nullable Struct old) {
    this.addresses = addresses;
    this.nodePorts = nodePorts;
    this.dry = dry;
    this.service = service;
    this.old = old;
    this.ownPorts = old == null ? Set.of() : ServiceNeeds.nodePorts(old);
  }

  /// Takes what a Service needs. What was taken is given back if that fails.
  static ServiceAllocation take(
      ClusterAddresses addresses,
      NodePorts nodePorts,
      boolean dry,
      Struct service,
      @Nullable Struct old) {
    ServiceAllocation allocation = new ServiceAllocation(addresses, nodePorts, dry, service, old);
    try {
      allocation.takeAddress();
      allocation.takeNodePorts();
      allocation.takeHealthCheckPort();
      return allocation;
    } catch (ApiException e) {
      allocation.release();
      throw e;
    }
  }

  @Override
  public Struct object() {
    return service;
  }

  private void takeAddress() {
    if (!ServiceNeeds.clusterIp(service) || ServiceNeeds.isHeadless(service)) {
      return;
    }
    // An address stays for the Service's life; validation refuses another one.
    List<String> kept =
        old == null || !ServiceNeeds.clusterIp(old) ? List.of() : ServiceNeeds.addresses(old);
    List<String> wanted = ServiceNeeds.addresses(service);
    List<String> families = service.struct("spec").strings("ipFamilies");
    List<String> all = new ArrayList<>();
    for (int i = 0; i < families.size(); i++) {
      String address = i < wanted.size() ? wanted.get(i) : "";
      if (!kept.contains(address) || address.isEmpty()) {
        address = take(address, families.get(i), wanted);
        if (!dry) {
          takenAddresses.add(address);
        }
      }
      all.add(address);
    }
    service =
        service
            .withAt(all.getFirst(), "spec", "clusterIP")
            .withAt(List.copyOf(all), "spec", "clusterIPs");
  }

  private String take(String address, String family, List<String> wanted) {
    if (address.isEmpty()) {
      return addresses.takeAny(family, service, dry);
    }
    takeAddress(address, wanted);
    return address;
  }

  private void takeAddress(String address, List<String> wanted) {
    String objection = addresses.objection(address);
    if (objection.isEmpty()) {
      boolean free = dry ? !addresses.isTaken(address) : addresses.take(address, service);
      objection = free ? "" : "provided IP is already allocated";
    }
    if (!objection.isEmpty()) {
      throw invalid(
          "spec.clusterIPs",
          Json.text(wanted),
          "failed to allocate IP " + address + ": " + objection);
    }
  }

  private void takeNodePorts() {
    List<Struct> ports = service.structs("spec", "ports");
    boolean wanted = ServiceNeeds.newNodePorts(service);
    Map<Long, Long> byPort = new HashMap<>(); // one node port for both protocols of a port
    List<Object> next = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      Struct port = ports.get(i);
      long number = port.integer("nodePort");
      if (number == 0 && wanted) {
        Long shared = old == null ? sharedNodePort(ports, port, byPort) : null;
        number = shared == null ? any() : shared;
        if (shared != null) {
          takePort(i, shared, true);
        }
      } else if (number != 0 && ServiceNeeds.nodePort(service)) {
        boolean shares = old != null || isShared(byPort, port.integer("port"), number);
        takePort(i, number, shares);
      }
      byPort.putIfAbsent(port.integer("port"), number);
      next.add(number == 0 ? port : port.with("nodePort", number));
    }
    if (!next.isEmpty()) {
      service = service.withAt(List.copyOf(next), "spec", "ports");
    }
  }

  /// The node port of another port of the same number; null if there is none.
  private static @Nullable Long sharedNodePort(
      List<Struct> ports, Struct port, Map<Long, Long> byPort) {
    Long given = byPort.get(port.integer("port"));
    if (given != null && given != 0) {
      return given;
    }
    for (Struct other : ports) {
      if (other.integer("port") == port.integer("port") && other.integer("nodePort") != 0) {
        return other.integer("nodePort");
      }
    }
    return null;
  }

  private static boolean isShared(Map<Long, Long> byPort, long port, long nodePort) {
    Long given = byPort.get(port);
    return given != null && given == nodePort;
  }

  /// @param index of the port in the Service
  /// @param shares whether another port of the Service may have it too
  private void takePort(int index, long port, boolean shares) {
    if (ownPorts.contains(port) || shares && takenPorts.contains(port)) {
      return;
    }
    String objection = portObjection(port);
    if (!objection.isEmpty()) {
      throw invalid("spec.ports[" + index + "].nodePort", Long.toString(port), objection);
    }
  }

  /// Takes a port. Returns why it can't be had; empty if it was taken.
  private String portObjection(long port) {
    String objection = NodePorts.objection(port);
    if (!objection.isEmpty()) {
      return objection;
    }
    boolean free =
        !takenPorts.contains(port)
            && (dry ? !nodePorts.taken().contains(port) : nodePorts.take(port));
    if (!free) {
      return "provided port is already allocated";
    }
    takenPorts.add(port);
    return "";
  }

  private long any() {
    Set<Long> others = new HashSet<>(ServiceNeeds.nodePorts(service));
    others.addAll(takenPorts);
    long port = nodePorts.takeAny(others, dry);
    takenPorts.add(port);
    return port;
  }

  private void takeHealthCheckPort() {
    boolean had = old != null && ServiceNeeds.healthCheckPort(old);
    if (had || !ServiceNeeds.healthCheckPort(service)) {
      return;
    }
    long wanted = service.integer("spec", "healthCheckNodePort");
    if (wanted == 0) {
      service = service.withAt(any(), "spec", "healthCheckNodePort");
      return;
    }
    String objection = portObjection(wanted);
    if (!objection.isEmpty()) {
      throw ApiException.badRequest( // upstream takes the blame for it
          "failed to allocate requested HealthCheck NodePort " + wanted + ": " + objection);
    }
  }

  private ApiException invalid(String field, String value, String detail) {
    FieldErrors errors = new FieldErrors();
    errors.add(new FieldError(FieldError.Type.INVALID, field, value, detail));
    return Invalid.refusal(
        new GroupKind("", "Service"), service.string("metadata", "name"), errors);
  }

  @Override
  public void commit() {
    if (dry || old == null) {
      return;
    }
    List<String> kept =
        ServiceNeeds.clusterIp(service) ? ServiceNeeds.addresses(service) : List.of();
    for (String address : ServiceNeeds.addresses(old)) {
      if (!kept.contains(address)) {
        addresses.release(address, old);
      }
    }
    Set<Long> gone = new HashSet<>(ownPorts);
    gone.removeAll(ServiceNeeds.nodePorts(service));
    nodePorts.release(gone);
  }

  @Override
  public void release() {
    if (!dry) {
      takenAddresses.forEach(address -> addresses.release(address, service));
      nodePorts.release(takenPorts);
    }
  }
}
