package dev.tiphys.network.istio;

import dev.tiphys.network.istio.destinations.Hosts;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The VirtualServices for calls between Pods, by the hosts that they are for.
final class HostIndex {

  private final Hosts hosts;
  private final Map<String, List<Struct>> byHost = new HashMap<>();
  private final Map<String, List<Struct>> byPattern = new TreeMap<>(HostIndex::longestFirst);

  HostIndex(Hosts hosts) {
    this.hosts = hosts;
  }

  private static int longestFirst(String one, String other) {
    int byLength = Integer.compare(other.length(), one.length());
    return byLength == 0 ? one.compareTo(other) : byLength;
  }

  /// Those for a host that come before.
  ///
  /// @param host as the VirtualService has it
  List<Struct> add(String host, Struct virtualService) {
    String full = hosts.full(host, Meta.of(virtualService).namespace());
    List<Struct> all =
        (full.startsWith("*") ? byPattern : byHost).computeIfAbsent(full, _ -> new ArrayList<>(1));
    List<Struct> before = List.copyOf(all);
    all.add(virtualService);
    return before;
  }

  boolean isEmpty() {
    return byHost.isEmpty() && byPattern.isEmpty();
  }

  /// Those for a Service: those that have its name, then those with patterns, the longest first.
  List<Struct> of(ObjectKey service) {
    String full = hosts.full(service);
    List<Struct> all = new ArrayList<>(byHost.getOrDefault(full, List.of()));
    byPattern.forEach(
        (pattern, each) -> {
          if (Hosts.covers(pattern, full)) {
            all.addAll(each);
          }
        });
    return all;
  }

  /// Those for names that are no Service's, by these names.
  Map<String, List<Struct>> outside() {
    Map<String, List<Struct>> outside = new TreeMap<>(byHost);
    outside.keySet().removeIf(name -> hosts.service(name, "") != null);
    return outside;
  }
}
