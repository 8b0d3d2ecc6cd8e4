package dev.tiphys.network.policy;

import dev.tiphys.network.Protocol;
import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The servers of the cluster's DNS that run on nodes instead of in Pods. To policies they are what
/// those Pods would be, which policies everywhere speak of: of namespace `kube-system`, labelled
/// `k8s-app: kube-dns`, with port 53 of both protocols.
///
/// @param standIn such a Pod
/// @param listeners where the servers answer in truth
record NameServers(Member standIn, List<Listener> listeners) {

  /// The namespace of the DNS.
  static final String NAMESPACE = "kube-system";

  /// The name of its Service.
  static final String SERVICE = "kube-dns";

  private static final int PORT = 53;

  /// An address and port that answers queries.
  record Listener(InetAddress address, Protocol protocol, int port) {
    Element element() {
      return Element.of(Key.of(address).protocol(protocol.number()).port(port));
    }
  }

  /// @param slices those of the Service of the DNS
  /// @param namespaceLabels those of its namespace
  static NameServers of(List<Struct> slices, Struct namespaceLabels) {
    List<Listener> listeners = new ArrayList<>();
    for (Struct slice : slices) {
      for (Struct port : slice.structs("ports")) {
        Protocol protocol = Protocol.of(port.string("protocol"));
        if (protocol != null && isName(port.string("name"))) {
          slice.structs("endpoints").stream()
              .filter(endpoint -> !endpoint.string("targetRef", "kind").equals("Pod"))
              .flatMap(endpoint -> endpoint.strings("addresses").stream())
              .filter(text -> IpAddress.parse(text) != null)
              .map(InetAddress::ofLiteral)
              .map(address -> new Listener(address, protocol, (int) port.integer("port")))
              .forEach(listeners::add);
        }
      }
    }
    listeners.sort(Comparator.comparing(Listener::toString));
    return new NameServers(
        new Member(
            "",
            NAMESPACE,
            namespaceLabels,
            Struct.of("k8s-app", SERVICE),
            listeners.stream().map(Listener::address).distinct().toList(),
            List.of(
                new Member.NamedPort("dns", Protocol.UDP, PORT),
                new Member.NamedPort("dns-tcp", Protocol.TCP, PORT))),
        listeners);
  }

  private static boolean isName(String port) {
    return port.equals("dns") || port.equals("dns-tcp");
  }

  /// Those of a family that a rule lets Pods ask.
  List<Listener> letThrough(Permission permission, Family family) {
    return listeners.stream()
        .filter(listener -> Family.of(listener.address()) == family)
        .filter(listener -> isPeer(permission, listener) && isPort(permission, listener))
        .toList();
  }

  private boolean isPeer(Permission permission, Listener listener) {
    return permission.peers().isEmpty()
        || permission.peers().stream().anyMatch(peer -> peer.covers(standIn, listener.address()));
  }

  private boolean isPort(Permission permission, Listener listener) {
    return permission.ports().isEmpty()
        || permission.ports().stream()
            .anyMatch(
                port ->
                    switch (port) {
                      case PolicyPort.Numbers numbers ->
                          numbers.protocol() == listener.protocol()
                              && numbers.first() <= PORT
                              && PORT <= numbers.last();
                      case PolicyPort.Name name ->
                          name.protocol() == listener.protocol() && !standIn.ports(name).isEmpty();
                    });
  }
}
