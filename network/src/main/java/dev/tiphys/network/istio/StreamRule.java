package dev.tiphys.network.istio;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.router.streams.StreamRoute;
import java.net.InetAddress;
import java.util.List;

/// Where some connections go.
///
/// @param names that clients ask for as they begin TLS; empty where that does not matter
/// @param subnets one of which the address is in that was called; empty for any
/// @param rule for which clients, and to which backends
record StreamRule(List<String> names, List<Prefix> subnets, StreamRoute.Rule rule) {

  StreamRule {
    names = List.copyOf(names);
    subnets = List.copyOf(subnets);
  }

  boolean isFor(InetAddress called) {
    return subnets.isEmpty() || subnets.stream().anyMatch(each -> each.contains(called));
  }
}
