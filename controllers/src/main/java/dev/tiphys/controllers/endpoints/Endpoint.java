package dev.tiphys.controllers.endpoints;

import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;

/// A Pod as one of the places that a Service leads to. Pure.
///
/// @param service the Service
/// @param pod the Pod
record Endpoint(Struct service, Struct pod) {

  /// Whether a change of a Pod may matter to a Service.
  static boolean differs(Struct before, Struct now) {
    return !Meta.of(before).uid().equals(Meta.of(now).uid())
        || !Meta.of(before).labels().equals(Meta.of(now).labels())
        || Meta.of(before).isBeingDeleted() != Meta.of(now).isBeingDeleted()
        || Pods.isReady(before) != Pods.isReady(now)
        || Pods.isTerminal(before) != Pods.isTerminal(now)
        || !addresses(before).equals(addresses(now))
        || !before.string("spec", "nodeName").equals(now.string("spec", "nodeName"));
  }

  private static List<String> addresses(Struct pod) {
    List<String> all =
        pod.structs("status", "podIPs").stream().map(address -> address.string("ip")).toList();
    if (!all.isEmpty()) {
      return all;
    }
    String single = pod.string("status", "podIP");
    return single.isEmpty() ? List.of() : List.of(single);
  }

  /// Whether the Pod can be a place at all.
  boolean exists() {
    return !Pods.isTerminal(pod) && !addresses(pod).isEmpty();
  }

  /// The Pod's address of a family, `IPv4` or `IPv6`; empty if it has none.
  String address(String family) {
    boolean colons = family.equals("IPv6");
    return addresses(pod).stream()
        .filter(address -> address.contains(":") == colons)
        .findFirst()
        .orElse("");
  }

  private boolean isPublishedAnyway() {
    return service.bool("spec", "publishNotReadyAddresses");
  }

  /// Whether anything is to be sent there.
  boolean isReady() {
    return isPublishedAnyway() || (Pods.isReady(pod) && !Meta.of(pod).isBeingDeleted());
  }

  String node() {
    return pod.string("spec", "nodeName");
  }

  /// The name by which DNS finds this Pod; empty if it has none of its own.
  String hostname() {
    boolean named = pod.string("spec", "subdomain").equals(Meta.of(service).name());
    return named ? pod.string("spec", "hostname") : "";
  }

  Struct target() {
    Meta meta = Meta.of(pod);
    return new StructBuilder()
        .add("kind", "Pod")
        .add("namespace", meta.namespace())
        .add("name", meta.name())
        .add("uid", meta.uid())
        .build();
  }

  /// The ports of the Service, as numbers on the Pod. A named one that the Pod does not have is
  /// missing.
  List<Struct> ports() {
    List<Struct> ports = new ArrayList<>();
    for (Struct port : service.structs("spec", "ports")) {
      long number = number(port);
      if (number > 0) {
        ports.add(
            new StructBuilder()
                .add("name", port.string("name"))
                .add("port", number)
                .add("protocol", port.string("protocol"))
                .addUnlessEmpty("appProtocol", port.string("appProtocol"))
                .build());
      }
    }
    return ports;
  }

  private long number(Struct port) {
    return switch (port.get("targetPort")) {
      case Long number when number > 0 -> number;
      case String name when !name.isEmpty() -> named(name, port.string("protocol"));
      case null, default -> port.integer("port");
    };
  }

  private long named(String name, String protocol) {
    List<Struct> containers = new ArrayList<>(pod.structs("spec", "containers"));
    for (Struct container : pod.structs("spec", "initContainers")) {
      if (container.string("restartPolicy").equals("Always")) {
        containers.add(container);
      }
    }
    for (Struct container : containers) {
      for (Struct port : container.structs("ports")) {
        if (port.string("name").equals(name) && port.string("protocol").equals(protocol)) {
          return port.integer("containerPort");
        }
      }
    }
    return 0;
  }

  /// The place as an EndpointSlice holds it.
  ///
  /// @param zone where its node is; empty if that is not known
  Struct inSlice(String family, String zone) {
    boolean serving = Pods.isReady(pod);
    Struct conditions =
        Struct.of(
            "ready", isReady(), "serving", serving, "terminating", Meta.of(pod).isBeingDeleted());
    return new StructBuilder()
        .add("addresses", List.of(address(family)))
        .add("conditions", conditions)
        .addUnlessEmpty("hostname", hostname())
        .addUnlessEmpty("nodeName", node())
        .addUnlessEmpty("zone", zone)
        .addUnlessEmpty("hints", hints(zone))
        .add("targetRef", target())
        .build();
  }

  /// The zones and the node whose traffic is to be sent here before that of others, unless that is
  /// left to the cluster.
  private Struct hints(String zone) {
    String preference = service.string("spec", "trafficDistribution");
    if (preference.isEmpty() || HintedServices.asks(service) || !isReady()) {
      return Struct.EMPTY;
    }
    StructBuilder hints = new StructBuilder();
    if (!zone.isEmpty()) {
      hints.add("forZones", List.of(Struct.of("name", zone)));
    }
    if (preference.equals("PreferSameNode") && !node().isEmpty()) {
      hints.add("forNodes", List.of(Struct.of("name", node())));
    }
    return hints.build();
  }

  /// The place as an Endpoints object holds it.
  Struct inEndpoints(String family) {
    return new StructBuilder()
        .add("ip", address(family))
        .addUnlessEmpty("hostname", hostname())
        .addUnlessEmpty("nodeName", node())
        .add("targetRef", target())
        .build();
  }
}
