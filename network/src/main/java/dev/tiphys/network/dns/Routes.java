package dev.tiphys.network.dns;

import dev.tiphys.network.dns.corefile.Corefile;
import dev.tiphys.network.dns.corefile.Hosts;
import dev.tiphys.network.dns.corefile.ServerBlock;
import dev.tiphys.network.dns.corefile.Servers;
import dev.tiphys.network.dns.forward.ForwardMetrics;
import dev.tiphys.network.dns.forward.Forwarder;
import dev.tiphys.network.dns.forward.Upstreams;
import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.world.World;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which names are looked for where: the zones of a configuration, the longest first.
///
/// Threads: any.
final class Routes {

  private final List<Route> routes;
  private final List<Forwarder> forwarders;

  private Routes(List<Route> routes, List<Forwarder> forwarders) {
    this.routes = routes;
    this.forwarders = forwarders;
  }

  /// A zone.
  ///
  /// @param forwards which servers are asked, in order of preference
  record Route(Name zone, List<Hosts> hosts, List<Forward> forwards) {

    Route {
      hosts = List.copyOf(hosts);
      forwards = List.copyOf(forwards);
    }

    /// The answer of the static hosts; null if they have none.
    @Nullable Answer host(Name name, int type) {
      for (Hosts each : hosts) {
        Answer answer = each.answer(name, type);
        if (answer != null) {
          return answer;
        }
      }
      return null;
    }

    /// Whether names that are no static hosts are not to be looked for elsewhere.
    boolean keeps(Name name) {
      return hosts.stream().anyMatch(each -> each.keeps(name));
    }

    /// What asks other servers about a name; null if none are to be asked.
    @Nullable Forwarder forwarder(Name name) {
      for (Forward each : forwards) {
        if (each.rule.isAbout(name)) {
          return each.forwarder;
        }
      }
      return null;
    }
  }

  record Forward(ServerBlock.Forward rule, Forwarder forwarder) {}

  /// No names are looked for anywhere.
  static Routes none() {
    return new Routes(List.of(), List.of());
  }

  /// @param own whether an address is one of the cluster's own servers, which must not be asked
  static Routes of(
      World world, Corefile corefile, Predicate<InetSocketAddress> own, ForwardMetrics metrics) {
    List<Route> routes = new ArrayList<>();
    List<Forwarder> forwarders = new ArrayList<>();
    for (ServerBlock block : corefile.blocks()) {
      List<Forward> forwards = new ArrayList<>();
      for (ServerBlock.Forward each : block.forwards()) {
        Forwarder forwarder =
            new Forwarder(
                world,
                new Upstreams(
                    world, addresses(each, own), each.policy(), each.onlyStreams(), metrics),
                block.cache(),
                each.mostAtOnce(),
                metrics);
        forwards.add(new Forward(each, forwarder));
        forwarders.add(forwarder);
      }
      for (Name zone : block.zones()) {
        routes.add(new Route(zone, block.hosts(), forwards));
      }
    }
    routes.sort(Comparator.comparing(route -> -route.zone.labels()));
    return new Routes(List.copyOf(routes), List.copyOf(forwarders));
  }

  private static List<InetSocketAddress> addresses(
      ServerBlock.Forward forward, Predicate<InetSocketAddress> own) {
    List<InetSocketAddress> all = new ArrayList<>();
    for (String each : forward.to()) {
      InetSocketAddress address = Servers.address(each);
      if (address != null) {
        all.add(address);
      } else {
        all.addAll(Servers.of(Path.of(each)));
      }
    }
    return all.stream().filter(own.negate()).distinct().toList();
  }

  /// The zone that a name is in; null if it is in none.
  @Nullable Route of(Name name) {
    for (Route each : routes) {
      if (name.isIn(each.zone)) {
        return each;
      }
    }
    return null;
  }

  List<Forwarder> forwarders() {
    return forwarders;
  }
}
