package dev.tiphys.network.proxy;

import dev.tiphys.network.Protocol;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// An endpoint of a Service's port, as its slices tell of it.
///
/// @param node where it runs; empty if that is not known
/// @param zones for which zones' clients it is meant, none if nothing is said
/// @param nodes for which nodes' clients it is meant, none if nothing is said
record Endpoint(
    Target target,
    boolean ready,
    boolean serving,
    boolean terminating,
    String node,
    List<String> zones,
    List<String> nodes) {

  /// The endpoints that a slice has for a port. One that cannot be read is left out.
  static List<Endpoint> of(Struct slice, ServicePort service) {
    List<Endpoint> endpoints = new ArrayList<>();
    int port = portOf(slice, service);
    if (port == 0) {
      return endpoints;
    }
    for (Struct one : slice.structs("endpoints")) {
      List<String> addresses = one.strings("addresses");
      if (!addresses.isEmpty() && IpAddress.parse(addresses.getFirst()) != null) {
        InetAddress address = InetAddress.ofLiteral(addresses.getFirst());
        if (Family.of(address) == service.family()) {
          endpoints.add(of(one, new Target(address, port)));
        }
      }
    }
    return endpoints;
  }

  /// 0 if the slice does not have the port.
  private static int portOf(Struct slice, ServicePort service) {
    for (Struct port : slice.structs("ports")) {
      if (port.string("name").equals(service.port())
          && Protocol.of(port.string("protocol")) == service.protocol()) {
        return (int) port.integer("port");
      }
    }
    return 0;
  }

  /// What is not said of an endpoint is as upstream takes it: ready, serving, not terminating.
  private static Endpoint of(Struct one, Target target) {
    Struct conditions = one.struct("conditions");
    boolean ready = !conditions.has("ready") || conditions.bool("ready");
    boolean serving = conditions.has("serving") ? conditions.bool("serving") : ready;
    return new Endpoint(
        target,
        ready,
        serving,
        conditions.bool("terminating"),
        one.string("nodeName"),
        names(one, "forZones"),
        names(one, "forNodes"));
  }

  private static List<String> names(Struct endpoint, String hint) {
    return endpoint.struct("hints").structs(hint).stream()
        .map(name -> name.string("name"))
        .toList();
  }

  /// Whether it takes connections although its Pod ends, for want of better ones.
  boolean takesLastConnections() {
    return serving && terminating;
  }
}
