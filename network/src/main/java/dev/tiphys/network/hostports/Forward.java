package dev.tiphys.network.hostports;

import dev.tiphys.network.Protocol;
import dev.tiphys.network.conntrack.Flow;
import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A port of the node that leads to a Pod.
///
/// @param address of the node; null for all of them
/// @param port of the node
/// @param pod the Pod's address
/// @param target the port there
record Forward(
    Protocol protocol, @Nullable InetAddress address, int port, InetAddress pod, int target) {

  /// Those that a Pod asks for. A Pod in the node's own network needs none.
  static List<Forward> of(Struct pod, List<String> addresses) {
    List<Forward> forwards = new ArrayList<>();
    if (pod.bool("spec", "hostNetwork")) {
      return forwards;
    }
    Stream.concat(
            pod.structs("spec", "initContainers").stream(),
            pod.structs("spec", "containers").stream())
        .flatMap(container -> container.structs("ports").stream())
        .filter(port -> port.integer("hostPort") > 0)
        .forEach(port -> add(forwards, port, addresses));
    return forwards;
  }

  private static void add(List<Forward> forwards, Struct port, List<String> addresses) {
    Protocol protocol = Protocol.of(port.string("protocol"));
    InetAddress own = own(port.string("hostIP"));
    for (String text : addresses) {
      InetAddress pod = InetAddress.ofLiteral(text);
      if (protocol != null && (own == null || Family.of(own) == Family.of(pod))) {
        forwards.add(
            new Forward(
                protocol,
                own == null || own.isAnyLocalAddress() ? null : own,
                (int) port.integer("hostPort"),
                pod,
                (int) port.integer("containerPort")));
      }
    }
  }

  private static @Nullable InetAddress own(String text) {
    return IpAddress.parse(text) == null ? null : InetAddress.ofLiteral(text);
  }

  Family family() {
    return Family.of(pod);
  }

  /// Its entry in the map of ports.
  Element entry() {
    InetAddress own = address;
    Key key =
        own == null ? Key.ofProtocol(protocol.number()) : Key.of(own).protocol(protocol.number());
    return Element.to(key.port(port), Key.of(pod).port(target));
  }

  /// Whether a flow is one to this port of the node, or to the same port of another machine: which
  /// addresses are the node's is not asked.
  boolean isAskedBy(Flow flow) {
    return flow.protocol() == protocol.number()
        && flow.destination().port() == port
        && (address == null || flow.destination().address().equals(address));
  }

  /// Whether a flow to this port goes to the Pod.
  boolean isFollowedBy(Flow flow) {
    return isAskedBy(flow) && flow.responder().equals(new Flow.End(pod, target));
  }

  /// By which the Pod that reaches itself is known.
  Element itself() {
    return Element.of(Key.of(pod).address(pod));
  }
}
