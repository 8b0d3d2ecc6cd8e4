package dev.tiphys.network.policy;

import dev.tiphys.network.nftables.Family;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Plans what is let through to and from a Pod. Pure: the same Pod and policies give the same plan,
/// whatever other Pods there are.
///
/// Policies add up: a Pod is isolated in a direction if one is about it, and gets then what any of
/// them lets through.
final class Planner {
  private static final List<Peer> ANYONE = List.of(new Peer.Anyone());

  private Planner() {}

  /// @param address the one of the Pod's that is planned
  /// @param policies those of the Pod's namespace
  /// @param names where names are asked for
  static Plan plan(Member pod, InetAddress address, List<Policy> policies, NameServers names) {
    Map<Direction, List<Line>> chains = new EnumMap<>(Direction.class);
    Family family = Family.of(address);
    for (Direction direction : Direction.values()) {
      Set<Line> lines = new LinkedHashSet<>();
      lines.add(new Line.Itself(address));
      boolean isolated = false;
      for (Policy policy : policies) {
        List<Permission> permissions = policy.permissions().get(direction);
        if (permissions != null && policy.isAbout(pod)) {
          isolated = true;
          for (Permission permission : permissions) {
            lines.addAll(
                direction == Direction.INGRESS
                    ? ingress(pod, family, permission)
                    : egress(family, permission, names));
          }
        }
      }
      if (isolated) {
        chains.put(direction, List.copyOf(lines));
      }
    }
    return new Plan(Map.copyOf(chains));
  }

  /// The Pod receives, so that names of ports are its own.
  private static List<Line> ingress(Member pod, Family family, Permission permission) {
    List<Line.Ports> ports = new ArrayList<>();
    for (PolicyPort port : permission.ports()) {
      switch (port) {
        case PolicyPort.Numbers numbers -> ports.add(ports(numbers));
        case PolicyPort.Name name ->
            pod.ports(name).forEach(n -> ports.add(new Line.Ports(name.protocol(), n, n)));
      }
    }
    return ports.isEmpty() && !permission.ports().isEmpty()
        ? List.of()
        : lines(family, permission.peers(), distinct(ports));
  }

  /// Each peer receives, so that names of ports are its own.
  private static List<Line> egress(Family family, Permission permission, NameServers names) {
    List<Line.Ports> ports = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    for (PolicyPort port : permission.ports()) {
      switch (port) {
        case PolicyPort.Numbers numbers -> ports.add(ports(numbers));
        case PolicyPort.Name name -> {
          for (Peer peer : permission.peers().isEmpty() ? ANYONE : permission.peers()) {
            lines.add(new Line.Selected(new Selection(peer, name), List.of()));
          }
        }
      }
    }
    if (!ports.isEmpty() || permission.ports().isEmpty()) {
      lines.addAll(lines(family, permission.peers(), distinct(ports)));
    }
    List<NameServers.Listener> servers = names.letThrough(permission, family);
    if (!servers.isEmpty()) {
      lines.add(new Line.Named(servers));
    }
    return lines;
  }

  private static Line.Ports ports(PolicyPort.Numbers numbers) {
    return new Line.Ports(numbers.protocol(), numbers.first(), numbers.last());
  }

  private static List<Line> lines(Family family, List<Peer> peers, List<Line.Ports> ports) {
    if (peers.isEmpty()) {
      return List.of(new Line.Anyone(ports));
    }
    List<Line> lines = new ArrayList<>();
    List<Peer.Block> blocks = new ArrayList<>();
    for (Peer peer : peers) {
      switch (peer) {
        case Peer.Block block -> blocks.add(block);
        case Peer.Pods _, Peer.Anyone _ ->
            lines.add(new Line.Selected(new Selection(peer, null), ports));
      }
    }
    Addresses addresses = Addresses.of(family, blocks);
    if (!addresses.isEmpty()) {
      lines.add(new Line.Within(addresses, ports));
    }
    return lines;
  }

  /// Without those that lie within another: sets of ranges must not overlap.
  private static List<Line.Ports> distinct(List<Line.Ports> ports) {
    List<Line.Ports> distinct = new ArrayList<>();
    ports.stream()
        .sorted(
            (one, other) ->
                one.protocol() != other.protocol()
                    ? one.protocol().compareTo(other.protocol())
                    : Integer.compare(one.first(), other.first()))
        .forEach(
            next -> {
              Line.Ports last = distinct.isEmpty() ? null : distinct.getLast();
              if (last != null
                  && last.protocol() == next.protocol()
                  && next.first() <= last.last() + 1) {
                distinct.removeLast();
                distinct.add(
                    new Line.Ports(
                        last.protocol(), last.first(), Math.max(last.last(), next.last())));
              } else {
                distinct.add(next);
              }
            });
    return distinct;
  }
}
