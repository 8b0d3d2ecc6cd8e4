package dev.tiphys.network.policy;

import dev.tiphys.network.Protocol;
import dev.tiphys.object.Struct;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/// What network policies mean, word by word, without regard to cost: who may connect to whom.
///
/// @param policies as the API has them
record Truth(List<Struct> policies) {

  /// One end of a connection.
  ///
  /// @param namespace of a Pod; empty for what is none
  /// @param node whether it is the node of all Pods
  /// @param ports the names of its TCP ports
  record End(
      String name,
      String namespace,
      Map<String, String> namespaceLabels,
      Map<String, String> labels,
      Map<String, Integer> ports,
      String address,
      boolean node) {}

  boolean allows(End from, End to, Protocol protocol, int port) {
    return leaves(from, to, protocol, port) && enters(from, to, protocol, port);
  }

  private boolean leaves(End from, End to, Protocol protocol, int port) {
    List<Struct> about = about(from, "Egress");
    return about.isEmpty()
        || about.stream()
            .flatMap(policy -> policy.structs("spec", "egress").stream())
            .anyMatch(rule -> allows(rule, "to", to, to, protocol, port, namespace(about)));
  }

  private boolean enters(End from, End to, Protocol protocol, int port) {
    List<Struct> about = about(to, "Ingress");
    return about.isEmpty()
        || from.node()
        || about.stream()
            .flatMap(policy -> policy.structs("spec", "ingress").stream())
            .anyMatch(rule -> allows(rule, "from", from, to, protocol, port, namespace(about)));
  }

  private static String namespace(List<Struct> about) {
    return about.getFirst().string("metadata", "namespace");
  }

  private List<Struct> about(End pod, String type) {
    return policies.stream()
        .filter(policy -> !pod.namespace().isEmpty())
        .filter(policy -> policy.string("metadata", "namespace").equals(pod.namespace()))
        .filter(policy -> policy.strings("spec", "policyTypes").contains(type))
        .filter(policy -> selects(policy.struct("spec", "podSelector"), pod.labels()))
        .toList();
  }

  private static boolean allows(
      Struct rule,
      String peers,
      End peer,
      End receiver,
      Protocol protocol,
      int port,
      String namespace) {
    List<Struct> whom = rule.structs(peers);
    List<Struct> where = rule.structs("ports");
    return (whom.isEmpty() || whom.stream().anyMatch(one -> means(one, peer, namespace)))
        && (where.isEmpty()
            || where.stream().anyMatch(one -> means(one, receiver, protocol, port)));
  }

  private static boolean means(Struct said, End receiver, Protocol protocol, int port) {
    if (!said.string("protocol").equals(protocol.name())) {
      return false;
    }
    Object number = said.get("port");
    if (number == null) {
      return true;
    }
    if (number instanceof String name) {
      return protocol == Protocol.TCP && receiver.ports().getOrDefault(name, -1) == port;
    }
    long first = said.integer("port");
    long last = said.has("endPort") ? said.integer("endPort") : first;
    return first <= port && port <= last;
  }

  private static boolean means(Struct said, End peer, String namespace) {
    if (said.has("ipBlock")) {
      return lies(peer.address(), said.string("ipBlock", "cidr"))
          && said.strings("ipBlock", "except").stream()
              .noneMatch(block -> lies(peer.address(), block));
    }
    if (peer.namespace().isEmpty()) {
      return false;
    }
    boolean there =
        said.has("namespaceSelector")
            ? selects(said.struct("namespaceSelector"), peer.namespaceLabels())
            : peer.namespace().equals(namespace);
    return there
        && (!said.has("podSelector") || selects(said.struct("podSelector"), peer.labels()));
  }

  private static boolean selects(Struct selector, Map<String, String> labels) {
    boolean[] all = {true};
    selector
        .struct("matchLabels")
        .forEach((name, value) -> all[0] &= value.equals(labels.get(name)));
    for (Struct one : selector.structs("matchExpressions")) {
      String value = labels.get(one.string("key"));
      List<String> values = one.strings("values");
      all[0] &=
          switch (one.string("operator")) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            default -> value == null;
          };
    }
    return all[0];
  }

  private static boolean lies(String address, String block) {
    String[] parts = block.split("/");
    byte[] one = InetAddress.ofLiteral(address).getAddress();
    byte[] other = InetAddress.ofLiteral(parts[0]).getAddress();
    int free = one.length * 8 - Integer.parseInt(parts[1]);
    return one.length == other.length
        && new BigInteger(1, one)
            .shiftRight(free)
            .equals(new BigInteger(1, other).shiftRight(free));
  }
}
