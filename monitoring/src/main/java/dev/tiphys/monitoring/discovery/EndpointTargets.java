package dev.tiphys.monitoring.discovery;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The targets of a Service: each address of its endpoints with each of their ports, and besides,
/// of the Pods among them, the ports of containers that no endpoint has.
final class EndpointTargets {

  private final ClusterView cluster;
  private final PodTargets pods;
  private final Search search;
  private final Struct service;
  private final boolean slices;
  private final List<Struct> targets = new ArrayList<>();
  private final Map<ObjectKey, Set<Long>> served = new HashMap<>(); // ports of Pods
  private final Map<ObjectKey, Struct> bases = new HashMap<>();

  private EndpointTargets(ClusterView cluster, Search search, Struct service) {
    this.cluster = cluster;
    this.pods = new PodTargets(cluster);
    this.search = search;
    this.service = service;
    this.slices = search.role().equals("endpointslice");
  }

  static List<Struct> of(ClusterView cluster, Search search, Struct service) {
    return new EndpointTargets(cluster, search, service).all();
  }

  private List<Struct> all() {
    for (Struct slice : cluster.slicesOf(ObjectKey.of(service))) {
      if (slices || isPrimary(slice)) {
        of(slice);
      }
    }
    served.forEach(this::rest);
    return targets;
  }

  /// Endpoints have the addresses of the Service's first family alone.
  private boolean isPrimary(Struct slice) {
    List<String> families = service.strings("spec", "ipFamilies");
    return families.isEmpty() || families.getFirst().equals(slice.string("addressType"));
  }

  private void of(Struct slice) {
    Labels labels =
        new Labels()
            .add("namespace", Meta.of(slice).namespace())
            .add("service_name", Meta.of(service).name())
            .ofObject("service", service);
    if (slices) {
      labels
          .add("endpointslice_name", Meta.of(slice).name())
          .add("endpointslice_address_type", slice.string("addressType"));
    } else {
      labels.add("endpoints_name", Meta.of(service).name());
    }
    Struct base = labels.build();
    for (Struct endpoint : slice.structs("endpoints")) {
      for (String address : endpoint.strings("addresses")) {
        for (Struct port : slice.structs("ports")) {
          add(base, endpoint, address, port);
        }
      }
    }
  }

  private void add(Struct base, Struct endpoint, String address, Struct port) {
    Labels labels = Labels.of(base);
    Struct target = endpoint.struct("targetRef");
    Struct conditions = endpoint.struct("conditions");
    String what = slices ? "endpointslice_" : "endpoint_";
    long number = port.integer("port");
    labels
        .addUnlessEmpty(what + "port_name", port.string("name"))
        .add(what + "port_protocol", port.string("protocol"))
        .addUnlessEmpty(what + "address_target_kind", target.string("kind"))
        .addUnlessEmpty(what + "address_target_name", target.string("name"));
    boolean ready = !conditions.has("ready") || conditions.bool("ready");
    if (slices) {
      labels
          .add("endpointslice_port", Long.toString(number))
          .add("endpointslice_endpoint_conditions_ready", Boolean.toString(ready))
          .addUnlessEmpty("endpointslice_endpoint_hostname", endpoint.string("hostname"))
          .addUnlessEmpty("endpointslice_endpoint_node_name", endpoint.string("nodeName"))
          .addUnlessEmpty("endpointslice_endpoint_zone", endpoint.string("zone"));
    } else {
      labels
          .add("endpoint_ready", Boolean.toString(ready))
          .addUnlessEmpty("endpoint_hostname", endpoint.string("hostname"))
          .addUnlessEmpty("endpoint_node_name", endpoint.string("nodeName"));
    }
    Struct all = labels.build();
    ObjectKey key = new ObjectKey(target.string("namespace"), target.string("name"));
    Struct pod = target.string("kind").equals("Pod") ? cluster.pod(key) : null;
    if (pod != null) {
      served.computeIfAbsent(key, _ -> new HashSet<>()).add(number);
      bases.put(key, base);
      all = Labels.of(all).plainAll(pods.labels(search, pod)).build();
      all = withContainer(all, pod, number);
    }
    targets.add(Target.of(Target.address(address, number), all));
  }

  private static Struct withContainer(Struct labels, Struct pod, long number) {
    for (Struct container : pod.structs("spec", "containers")) {
      for (Struct port : container.structs("ports")) {
        if (port.integer("containerPort") == number) {
          return PodTargets.container(labels, container, port);
        }
      }
    }
    return labels;
  }

  private void rest(ObjectKey key, Set<Long> ports) {
    @Nullable Struct pod = cluster.pod(key);
    Struct base = bases.get(key);
    if (pod == null || base == null || pod.string("status", "podIP").isEmpty()) {
      return;
    }
    Struct labels = Labels.of(base).plainAll(pods.labels(search, pod)).build();
    for (Struct container : pod.structs("spec", "containers")) {
      for (Struct port : container.structs("ports")) {
        if (!ports.contains(port.integer("containerPort"))) {
          targets.add(
              Target.of(
                  Target.address(pod.string("status", "podIP"), port.integer("containerPort")),
                  PodTargets.container(labels, container, port)));
        }
      }
    }
  }
}
