package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Endpoints: addresses are grouped by the ports they share, in a fixed order, so that equal
/// endpoints are equal objects.
final class EndpointsStrategy implements Strategy {

  private static final Comparator<Struct> BY_PORT =
      Comparator.comparing((Struct port) -> port.string("name"))
          .thenComparingLong(port -> port.integer("port"))
          .thenComparing(port -> port.string("protocol"));

  /// The addresses that share a set of ports.
  private record Group(
      List<Struct> ports, Map<String, Struct> ready, Map<String, Struct> notReady) {}

  @Override
  public Struct prepareForCreate(Call call, Struct endpoints) {
    return repacked(endpoints);
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct endpoints, Struct old) {
    return repacked(endpoints);
  }

  private static Struct repacked(Struct endpoints) {
    List<Struct> subsets = endpoints.structs("subsets");
    if (subsets.isEmpty()) {
      return endpoints;
    }
    Map<String, Group> groups = new TreeMap<>();
    for (Struct subset : subsets) {
      List<Struct> ports = subset.structs("ports").stream().sorted(BY_PORT).toList();
      Group group =
          groups.computeIfAbsent(
              ports.toString(), _ -> new Group(ports, new TreeMap<>(), new TreeMap<>()));
      subset.structs("addresses").forEach(address -> group.ready.put(key(address), address));
      subset
          .structs("notReadyAddresses")
          .forEach(address -> group.notReady.put(key(address), address));
    }
    List<Object> packed = new ArrayList<>();
    for (Group group : groups.values()) {
      group.ready.keySet().forEach(group.notReady::remove);
      packed.add(
          new StructBuilder()
              .addUnlessEmpty("addresses", List.copyOf(group.ready.values()))
              .addUnlessEmpty("notReadyAddresses", List.copyOf(group.notReady.values()))
              .addUnlessEmpty("ports", group.ports)
              .build());
    }
    return endpoints.with("subsets", List.copyOf(packed));
  }

  private static String key(Struct address) {
    return address.string("ip") + " " + address.string("targetRef", "uid");
  }
}
