package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.client.ApiException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Services: they are given the addresses and ports under which they are reached.
final class ServiceStrategy implements Strategy {

  private static final String NONE = "None";

  private final ClusterAddresses addresses;
  private final NodePorts nodePorts;

  ServiceStrategy(ClusterAddresses addresses, NodePorts nodePorts) {
    this.addresses = addresses;
    this.nodePorts = nodePorts;
  }

  private static boolean hasAddress(Struct service) {
    return !service.string("spec", "type").equals("ExternalName");
  }

  private static boolean hasNodePorts(Struct service) {
    return switch (service.string("spec", "type")) {
      case "NodePort" -> true;
      case "LoadBalancer" -> service.bool("spec", "allocateLoadBalancerNodePorts");
      default -> false;
    };
  }

  @Override
  public Struct prepareForCreate(Call call, Struct service) {
    if (!hasAddress(service)) {
      return service;
    }
    return withNodePorts(withAddress(call, withFamilies(service)));
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct service, Struct old) {
    Struct next = hasAddress(service) ? kept(service, old) : withoutAddress(service, old);
    if (!hasAddress(next)) {
      return next;
    }
    return withNodePorts(withAddress(call, withFamilies(next)));
  }

  /// The Service with what the old state was given, where the writer left it out.
  private static Struct kept(Struct service, Struct old) {
    Struct next = service;
    if (hasAddress(old) && next.string("spec", "clusterIP").isEmpty()) {
      for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
        Object value = old.get("spec", field);
        next = value == null ? next : next.withAt(value, "spec", field);
      }
    }
    if (!hasNodePorts(next)) {
      return hasNodePorts(old) ? withoutNodePorts(next) : next;
    }
    List<Object> ports = new ArrayList<>();
    for (Struct port : next.structs("spec", "ports")) {
      ports.add(port.integer("nodePort") == 0 ? withOldNodePort(port, old) : port);
    }
    return next.withAt(List.copyOf(ports), "spec", "ports");
  }

  private static Struct withOldNodePort(Struct port, Struct old) {
    for (Struct before : old.structs("spec", "ports")) {
      if (before.integer("port") == port.integer("port")
          && before.string("protocol").equals(port.string("protocol"))
          && before.integer("nodePort") != 0) {
        return port.with("nodePort", before.integer("nodePort"));
      }
    }
    return port;
  }

  private static Struct withoutNodePorts(Struct service) {
    List<Object> ports = new ArrayList<>();
    service.structs("spec", "ports").forEach(port -> ports.add(port.without("nodePort")));
    return service
        .withAt(List.copyOf(ports), "spec", "ports")
        .withoutAt("spec", "healthCheckNodePort");
  }

  /// A Service that stands for a name elsewhere has no address any more.
  private Struct withoutAddress(Struct service, Struct old) {
    Struct next = service;
    for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
      Object before = old.get("spec", field);
      if (before != null && before.equals(next.get("spec", field))) {
        next = next.withoutAt("spec", field);
      }
    }
    deleted(old);
    return next;
  }

  private static Struct withFamilies(Struct service) {
    Struct next = service;
    if (next.string("spec", "ipFamilyPolicy").isEmpty()) {
      next = next.withAt("SingleStack", "spec", "ipFamilyPolicy");
    }
    return next.list("spec", "ipFamilies").isEmpty()
        ? next.withAt(List.of("IPv4"), "spec", "ipFamilies")
        : next;
  }

  private Struct withAddress(Call call, Struct service) {
    List<String> given = service.struct("spec").strings("clusterIPs");
    String address = service.string("spec", "clusterIP");
    address = address.isEmpty() && !given.isEmpty() ? given.getFirst() : address;
    if (address.isEmpty()) {
      address = addresses.takeAny(service, call.dryRun());
    } else if (!address.equals(NONE)) {
      claim(call, service, address);
    }
    return service
        .withAt(address, "spec", "clusterIP")
        .withAt(given.isEmpty() ? List.of(address) : given, "spec", "clusterIPs");
  }

  private void claim(Call call, Struct service, String address) {
    if (!AddressRange.isAddress(address)) {
      return; // validation says what is wrong with it
    }
    String objection = addresses.objection(address);
    if (!objection.isEmpty()) {
      throw notAllocated(service, address, objection);
    }
    boolean ours = isHolder(service, address);
    boolean free =
        ours || (call.dryRun() ? !addresses.isTaken(address) : addresses.take(address, service));
    if (!free) {
      throw notAllocated(service, address, "provided IP is already allocated");
    }
  }

  private static ApiException notAllocated(Struct service, String address, String cause) {
    return invalid(
        service,
        "spec.clusterIPs",
        "[\"" + address + "\"]",
        "failed to allocate IP " + address + ": " + cause);
  }

  private static ApiException invalid(Struct service, String field, String value, String detail) {
    FieldErrors errors = new FieldErrors();
    errors.add(new FieldError(FieldError.Type.INVALID, field, value, detail));
    return Invalid.refusal(
        new GroupKind("", "Service"), service.string("metadata", "name"), errors);
  }

  private boolean isHolder(Struct service, String address) {
    return addresses.isHeldBy(
        address, service.string("metadata", "namespace"), service.string("metadata", "name"));
  }

  private Struct withNodePorts(Struct service) {
    if (!hasNodePorts(service)) {
      return service;
    }
    Set<Long> taken = nodePorts.taken(service);
    checkNodePorts(service, taken);
    List<Object> ports = new ArrayList<>();
    for (Struct port : service.structs("spec", "ports")) {
      taken.add(port.integer("nodePort"));
    }
    for (Struct port : service.structs("spec", "ports")) {
      ports.add(port.integer("nodePort") == 0 ? port.with("nodePort", nodePorts.any(taken)) : port);
    }
    StructBuilder spec =
        StructBuilder.from(service.struct("spec")).add("ports", List.copyOf(ports));
    boolean checked =
        service.string("spec", "type").equals("LoadBalancer")
            && service.string("spec", "externalTrafficPolicy").equals("Local");
    if (checked && service.integer("spec", "healthCheckNodePort") == 0) {
      spec.add("healthCheckNodePort", nodePorts.any(taken));
    }
    return service.with("spec", spec.build());
  }

  private static void checkNodePorts(Struct service, Set<Long> taken) {
    List<Struct> ports = service.structs("spec", "ports");
    for (int i = 0; i < ports.size(); i++) {
      long port = ports.get(i).integer("nodePort");
      String objection = NodePorts.objection(port, taken);
      if (port != 0 && !objection.isEmpty()) {
        throw invalid(service, "spec.ports[" + i + "].nodePort", Long.toString(port), objection);
      }
    }
  }

  @Override
  public void notCreated(Struct service) {
    deleted(service);
  }

  @Override
  public void deleted(Struct last) {
    String address = last.string("spec", "clusterIP");
    if (!address.isEmpty() && !address.equals(NONE) && isHolder(last, address)) {
      addresses.release(address);
    }
  }
}
