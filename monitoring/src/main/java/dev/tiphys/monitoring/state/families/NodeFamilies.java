package dev.tiphys.monitoring.state.families;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;

/// What nodes and namespaces say.
final class NodeFamilies {

  private static final String ROLE = "node-role.kubernetes.io/";

  private NodeFamilies() {}

  static KindFamilies nodes() {
    return new KindFamilies.Builder("kube_node", ApiResource.NODES, "node", "metadata.name")
        .created()
        .deleted()
        .gauge("_info", "A node, with what it runs.", NodeFamilies::info)
        .gauge("_role", "A role that the node has.", NodeFamilies::roles)
        .gauge(
            "_spec_pod_cidrs",
            "A range of addresses for Pods of the node.",
            Rule.each("pod_cidr", "spec", "podCIDRs"))
        .gauge("_spec_taint", "A taint of the node.", NodeFamilies::taints)
        .gauge(
            "_spec_unschedulable",
            "1 if the node takes no new Pods, or else 0.",
            Rule.flag("spec", "unschedulable"))
        .gauge(
            "_status_allocatable",
            "How much Pods can have of the node.",
            (node, out) -> resources(node.struct("status", "allocatable"), out))
        .gauge(
            "_status_capacity",
            "How much the node has.",
            (node, out) -> resources(node.struct("status", "capacity"), out))
        .gauge("_status_condition", "How the node does.", Rule.conditions())
        .gauge("_status_addresses", "Where the node is reached.", NodeFamilies::addresses)
        .build();
  }

  private static void info(Struct node, Samples out) {
    Struct known = node.struct("status", "nodeInfo");
    String internal = "";
    for (Struct address : node.structs("status", "addresses")) {
      if (address.string("type").equals("InternalIP")) {
        internal = address.string("address");
      }
    }
    out.add(
        1,
        "kernel_version",
        known.string("kernelVersion"),
        "os_image",
        known.string("osImage"),
        "container_runtime_version",
        known.string("containerRuntimeVersion"),
        "kubelet_version",
        known.string("kubeletVersion"),
        "kubeproxy_version",
        "deprecated",
        "provider_id",
        node.string("spec", "providerID"),
        "pod_cidr",
        node.string("spec", "podCIDR"),
        "system_uuid",
        known.string("systemUUID"),
        "internal_ip",
        internal);
  }

  private static void roles(Struct node, Samples out) {
    for (String label : Meta.of(node).labels().names()) {
      if (label.startsWith(ROLE)) {
        out.add(1, "role", label.substring(ROLE.length()));
      }
    }
  }

  private static void taints(Struct node, Samples out) {
    for (Struct taint : node.structs("spec", "taints")) {
      out.add(
          1,
          "key",
          taint.string("key"),
          "value",
          taint.string("value"),
          "effect",
          taint.string("effect"));
    }
  }

  private static void addresses(Struct node, Samples out) {
    for (Struct address : node.structs("status", "addresses")) {
      out.add(1, "type", address.string("type"), "address", address.string("address"));
    }
  }

  private static void resources(Struct amounts, Samples out) {
    amounts.forEach(
        (resource, amount) -> {
          Unit unit = Unit.of(resource);
          if (unit != null) {
            String name = PrometheusName.of(resource);
            out.add(Rule.amount(amount), "resource", name, "unit", unit.text());
          }
        });
  }

  static KindFamilies namespaces() {
    return new KindFamilies.Builder(
            "kube_namespace", ApiResource.NAMESPACES, "namespace", "metadata.name")
        .created()
        .gauge(
            "_status_phase",
            "Its phase: 1, and 0 for others.",
            (namespace, out) -> {
              String phase = namespace.string("status", "phase");
              List.of("Active", "Terminating")
                  .forEach(each -> out.add(each.equals(phase) ? 1 : 0, "phase", each));
            })
        .gauge("_status_condition", "What keeps it from being deleted.", Rule.conditions())
        .build();
  }
}
