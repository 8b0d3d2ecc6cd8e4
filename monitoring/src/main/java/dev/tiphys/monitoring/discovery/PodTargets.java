package dev.tiphys.monitoring.discovery;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The targets of Pods: one of each port of a container, and one of each container without ports.
///
/// @param cluster where nodes are looked up
record PodTargets(ClusterView cluster) {

  List<Struct> of(Search search, Struct pod) {
    String address = pod.string("status", "podIP");
    if (address.isEmpty()) {
      return List.of();
    }
    Struct base = Labels.of(labels(search, pod)).add("namespace", Meta.of(pod).namespace()).build();
    List<Struct> targets = new ArrayList<>();
    for (String kind : List.of("containers", "initContainers")) {
      for (Struct container : pod.structs("spec", kind)) {
        Struct init =
            Labels.of(base)
                .add("pod_container_init", Boolean.toString(kind.equals("initContainers")))
                .build();
        List<Struct> ports = container.structs("ports");
        if (ports.isEmpty()) {
          targets.add(Target.of(Target.host(address), container(init, container, null)));
        }
        for (Struct port : ports) {
          targets.add(
              Target.of(
                  Target.address(address, port.integer("containerPort")),
                  container(init, container, port)));
        }
      }
    }
    return targets;
  }

  /// What is told of a Pod, whatever leads to it.
  Struct labels(Search search, Struct pod) {
    Meta meta = Meta.of(pod);
    Labels labels =
        new Labels()
            .add("pod_name", meta.name())
            .add("pod_ip", pod.string("status", "podIP"))
            .add("pod_ready", ready(pod))
            .add("pod_phase", pod.string("status", "phase"))
            .add("pod_node_name", pod.string("spec", "nodeName"))
            .add("pod_host_ip", pod.string("status", "hostIP"))
            .add("pod_uid", meta.uid())
            .ofObject("pod", pod);
    Struct owner = meta.controller();
    if (owner != null) {
      labels.addUnlessEmpty("pod_controller_kind", owner.string("kind"));
      labels.addUnlessEmpty("pod_controller_name", owner.string("name"));
    }
    if (search.attachesNodes()) {
      Struct node = cluster.node(pod.string("spec", "nodeName"));
      if (node != null) {
        labels.add("node_name", Meta.of(node).name()).ofObject("node", node);
      }
    }
    return labels.build();
  }

  private static String ready(Struct pod) {
    Struct condition = Meta.condition(pod, "Ready");
    return condition == null ? "unknown" : Boolean.toString(Meta.isTrue(pod, "Ready"));
  }

  /// Adds what is told of a container.
  ///
  /// @param port null for one without
  static Struct container(Struct labels, Struct container, @Nullable Struct port) {
    Labels all =
        Labels.of(labels)
            .add("pod_container_name", container.string("name"))
            .add("pod_container_image", container.string("image"));
    if (port != null) {
      String protocol = port.string("protocol");
      all.add("pod_container_port_name", port.string("name"))
          .add("pod_container_port_number", Long.toString(port.integer("containerPort")))
          .add("pod_container_port_protocol", protocol.isEmpty() ? "TCP" : protocol);
    }
    return all.build();
  }
}
