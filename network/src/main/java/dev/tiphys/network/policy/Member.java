package dev.tiphys.network.policy;

import dev.tiphys.network.Protocol;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A Pod with addresses of its own, as policies see it.
///
/// @param ports what its containers listen on under a name
record Member(
    String uid,
    String namespace,
    Struct namespaceLabels,
    Struct labels,
    List<InetAddress> addresses,
    List<NamedPort> ports) {

  Member {
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
  }

  record NamedPort(String name, Protocol protocol, int number) {}

  /// Null for a Pod that policies are not about: one without an address, in its node's own network,
  /// or at its end, when its address may already be another's.
  static @Nullable Member of(Struct pod, Struct namespaceLabels, List<InetAddress> addresses) {
    String phase = pod.string("status", "phase");
    if (addresses.isEmpty()
        || pod.bool("spec", "hostNetwork")
        || phase.equals("Succeeded")
        || phase.equals("Failed")) {
      return null;
    }
    Meta meta = Meta.of(pod);
    return new Member(
        meta.uid(), meta.namespace(), namespaceLabels, meta.labels(), addresses, portsOf(pod));
  }

  /// The addresses that a Pod's status tells.
  static List<InetAddress> addressesOf(Struct pod) {
    return pod.structs("status", "podIPs").stream()
        .map(one -> one.string("ip"))
        .filter(text -> IpAddress.parse(text) != null)
        .map(InetAddress::ofLiteral)
        .toList();
  }

  private static List<NamedPort> portsOf(Struct pod) {
    List<NamedPort> ports = new ArrayList<>();
    Stream<Struct> lasting =
        pod.structs("spec", "initContainers").stream()
            .filter(container -> container.string("restartPolicy").equals("Always"));
    Stream.concat(lasting, pod.structs("spec", "containers").stream())
        .flatMap(container -> container.structs("ports").stream())
        .forEach(
            port -> {
              Protocol protocol = Protocol.of(port.string("protocol"));
              if (protocol != null && !port.string("name").isEmpty()) {
                ports.add(
                    new NamedPort(
                        port.string("name"), protocol, (int) port.integer("containerPort")));
              }
            });
    return ports;
  }

  /// The numbers of the ports of this name.
  List<Integer> ports(PolicyPort.Name name) {
    return ports.stream()
        .filter(port -> port.name().equals(name.name()) && port.protocol() == name.protocol())
        .map(NamedPort::number)
        .toList();
  }
}
