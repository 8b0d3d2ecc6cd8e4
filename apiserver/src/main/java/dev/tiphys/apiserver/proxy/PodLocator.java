package dev.tiphys.apiserver.proxy;

import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.object.Struct;
import javax.net.ssl.SSLContext;

/// Pods answer at their address, by default at the first port that a container names.
///
/// @param tls for those that are asked for by https
record PodLocator(SSLContext tls) implements Locator {

  @Override
  public Backend locate(ResourceRequest request) {
    ProxiedName wanted = ProxiedName.parse("pod", request.target().name());
    Registry pods = request.target().endpoint().registry();
    Struct pod = pods.get(request.target().namespace(), wanted.name()).object();
    String address = address(pod);
    if (address.isEmpty()) {
      throw Addresses.notAllowed();
    }
    Addresses.check(address);
    return new Backend(
        address,
        wanted.port().isEmpty() ? firstPort(pod) : wanted.port(),
        wanted.isSecure() ? tls : null);
  }

  private static String address(Struct pod) {
    for (Struct each : pod.structs("status", "podIPs")) {
      if (!each.string("ip").isEmpty()) {
        return each.string("ip");
      }
    }
    return pod.string("status", "podIP");
  }

  private static String firstPort(Struct pod) {
    for (Struct container : pod.structs("spec", "containers")) {
      for (Struct port : container.structs("ports")) {
        return Long.toString(port.integer("containerPort"));
      }
    }
    return "";
  }
}
