package dev.tiphys.network.loadbalancer;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Whether Services that share addresses get into each other's way. Pure.
final class PortConflicts {

  private PortConflicts() {}

  /// The addresses that a Service was given.
  static List<String> addresses(Struct service) {
    return service.struct("status", "loadBalancer").structs("ingress").stream()
        .map(ingress -> ingress.string("ip"))
        .filter(address -> !address.isEmpty())
        .toList();
  }

  /// What keeps a Service from addresses that others have already; empty if nothing does.
  ///
  /// @param services all others
  static String conflict(Struct service, Collection<String> addresses, List<Struct> services) {
    Set<String> ports = ports(service);
    for (Struct other : services) {
      boolean shares = addresses(other).stream().anyMatch(addresses::contains);
      if (!shares || Meta.of(other).uid().equals(Meta.of(service).uid())) {
        continue;
      }
      for (String port : ports(other)) {
        if (ports.contains(port)) {
          return "port %s of %s is taken by service %s/%s"
              .formatted(
                  port,
                  String.join(", ", addresses),
                  Meta.of(other).namespace(),
                  Meta.of(other).name());
        }
      }
    }
    return "";
  }

  private static Set<String> ports(Struct service) {
    Set<String> ports = new HashSet<>();
    for (Struct port : service.struct("spec").structs("ports")) {
      ports.add(port.integer("port") + "/" + protocol(port));
    }
    return ports;
  }

  private static String protocol(Struct port) {
    return port.string("protocol").isEmpty() ? "TCP" : port.string("protocol");
  }
}
