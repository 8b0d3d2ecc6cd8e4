package dev.tiphys.controllers.endpoints;

import dev.tiphys.controllers.endpoints.SlicePlan.Group;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What slices are to show of Endpoints that are written by hand. Pure.
///
/// @param endpoints those of each slice's kind
/// @param invalid how many addresses are none
/// @param surplus how many addresses are left out since a subset has too many
record Mirror(
    Map<Group, List<Struct>> endpoints,
    Struct labels,
    Struct annotations,
    int invalid,
    int surplus) {

  /// How many addresses of a subset are shown.
  static final int MOST = 1000;

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final String TRIGGERED = "endpoints.kubernetes.io/last-change-trigger-time";
  private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";

  static Mirror of(Struct written) {
    Map<Group, Map<String, Struct>> found = new LinkedHashMap<>();
    int invalid = 0;
    int surplus = 0;
    for (Struct subset : written.structs("subsets")) {
      Set<String> shown = new LinkedHashSet<>();
      for (String field : List.of("addresses", "notReadyAddresses")) {
        for (Struct address : subset.structs(field)) {
          String ip = address.string("ip");
          if (IpAddress.parse(ip) == null) {
            invalid++;
          } else if (shown.size() == MOST) {
            surplus++;
          } else if (shown.add(ip)) {
            Group group = new Group(ip.contains(":") ? "IPv6" : "IPv4", ports(subset));
            found
                .computeIfAbsent(group, _ -> new LinkedHashMap<>())
                .putIfAbsent(ip, endpoint(address, field.equals("addresses")));
          }
        }
      }
    }
    Map<Group, List<Struct>> endpoints = new LinkedHashMap<>();
    found.forEach((group, each) -> endpoints.put(group, new ArrayList<>(each.values())));
    Meta meta = Meta.of(written);
    return new Mirror(
        endpoints,
        meta.labels().without(MANAGED_BY),
        meta.annotations().without(LAST_APPLIED).without(TRIGGERED),
        invalid,
        surplus);
  }

  private static List<Struct> ports(Struct subset) {
    List<Struct> ports = new ArrayList<>();
    for (Struct port : subset.structs("ports")) {
      ports.add(
          new StructBuilder()
              .add("name", port.string("name"))
              .add("port", port.integer("port"))
              .add("protocol", port.string("protocol").isEmpty() ? "TCP" : port.string("protocol"))
              .addUnlessEmpty("appProtocol", port.string("appProtocol"))
              .build());
    }
    return ports;
  }

  private static Struct endpoint(Struct address, boolean ready) {
    return new StructBuilder()
        .add("addresses", List.of(address.string("ip")))
        .add("conditions", Struct.of("ready", ready))
        .addUnlessEmpty("hostname", address.string("hostname"))
        .addUnlessEmpty("nodeName", address.string("nodeName"))
        .addUnlessEmpty("targetRef", address.struct("targetRef"))
        .build();
  }
}
