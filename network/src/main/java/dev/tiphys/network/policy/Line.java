package dev.tiphys.network.policy;

import dev.tiphys.network.Protocol;
import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.network.nftables.Rule;
import dev.tiphys.network.nftables.Type;
import dev.tiphys.network.nftables.Verdict;
import java.net.InetAddress;
import java.util.List;

/// A rule of a Pod's chain: what it lets through of the connections in one direction.
sealed interface Line {

  /// Ports of the receiving end.
  record Ports(Protocol protocol, int first, int last) {
    private Element element() {
      Key key = Key.ofProtocol(protocol.number()).port(first);
      return first == last
          ? Element.of(key)
          : Element.range(key, Key.ofProtocol(protocol.number()).port(last));
    }
  }

  Rule rule(Family family, Direction direction);

  /// The Pod itself, which cannot be kept from itself.
  record Itself(InetAddress address) implements Line {
    @Override
    public Rule rule(Family family, Direction direction) {
      return peer(family, direction).equal(0, Key.of(address)).then(Verdict.RETURN);
    }
  }

  /// All the world.
  ///
  /// @param ports none for all
  record Anyone(List<Ports> ports) implements Line {
    @Override
    public Rule rule(Family family, Direction direction) {
      return on(Rule.of(family), ports).then(Verdict.RETURN);
    }
  }

  /// Pods.
  ///
  /// @param ports none for all
  record Selected(Selection peers, List<Ports> ports) implements Line {
    @Override
    public Rule rule(Family family, Direction direction) {
      Rule rule = peer(family, direction);
      if (peers.port() != null) {
        int behind = family.registers();
        rule.protocol(behind).destinationPort(behind + 1);
      }
      return on(rule.in(peers.set(), 0), ports).then(Verdict.RETURN);
    }
  }

  /// Blocks of addresses.
  ///
  /// @param ports none for all
  record Within(Addresses addresses, List<Ports> ports) implements Line {
    @Override
    public Rule rule(Family family, Direction direction) {
      Rule rule = peer(family, direction);
      rule.inUnnamed(Type.address(family), true, addresses.elements(), 0);
      return on(rule, ports).then(Verdict.RETURN);
    }
  }

  /// Servers of the DNS.
  record Named(List<NameServers.Listener> servers) implements Line {
    @Override
    public Rule rule(Family family, Direction direction) {
      int behind = family.registers();
      Type address = Type.address(family);
      return peer(family, direction)
          .protocol(behind)
          .destinationPort(behind + 1)
          .inUnnamed(
              Type.of(address, Type.PROTOCOL, Type.PORT),
              false,
              servers.stream().map(NameServers.Listener::element).toList(),
              0)
          .then(Verdict.RETURN);
    }
  }

  private static Rule peer(Family family, Direction direction) {
    return switch (direction) {
      case INGRESS -> Rule.of(family).source(0);
      case EGRESS -> Rule.of(family).destination(0);
    };
  }

  private static Rule on(Rule rule, List<Ports> ports) {
    if (ports.isEmpty()) {
      return rule;
    }
    boolean ranges = ports.stream().anyMatch(one -> one.first() != one.last());
    return rule.protocol(0)
        .destinationPort(1)
        .inUnnamed(
            Type.of(Type.PROTOCOL, Type.PORT),
            ranges,
            ports.stream().map(Ports::element).toList(),
            0);
  }
}
