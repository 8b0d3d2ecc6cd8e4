package dev.tiphys.network.policy;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A rule of a policy: connections with any of these peers, on any of these ports.
///
/// @param peers none for all the world
/// @param ports none for all ports, and protocols without ports
record Permission(List<Peer> peers, List<PolicyPort> ports) {

  /// Null if the rule has peers or ports, but none that can be: it lets nothing through.
  static @Nullable Permission of(Struct rule, Direction direction, String namespace) {
    List<Struct> from = rule.structs(direction.peers());
    List<Struct> on = rule.structs("ports");
    List<Peer> peers =
        from.stream().map(peer -> Peer.of(peer, namespace)).filter(Objects::nonNull).toList();
    List<PolicyPort> ports = on.stream().map(PolicyPort::of).filter(Objects::nonNull).toList();
    boolean impossible = !from.isEmpty() && peers.isEmpty() || !on.isEmpty() && ports.isEmpty();
    return impossible ? null : new Permission(peers, ports);
  }
}
