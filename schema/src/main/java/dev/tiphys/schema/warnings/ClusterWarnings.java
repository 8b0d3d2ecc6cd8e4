package dev.tiphys.schema.warnings;

import dev.tiphys.object.Struct;

/// Warnings about nodes, classes and ways into the cluster.
final class ClusterWarnings {

  private static final String INGRESS_CLASS = "kubernetes.io/ingress.class";

  private ClusterWarnings() {}

  static void node(Subject node) {
    Struct spec = node.object().struct("spec");
    if (spec.has("configSource")) {
      node.warn("spec.configSource", "the feature is removed");
    }
    if (!spec.string("externalID").isEmpty()) {
      node.warn("spec.externalID", "this field is deprecated, and is unused by Kubernetes");
    }
  }

  static void storageClass(Subject storageClass) {
    for (Subject topology : storageClass.items("allowedTopologies")) {
      topology.items("matchLabelExpressions").forEach(NodeLabels::topology);
    }
  }

  static void capacity(Subject capacity) {
    NodeLabels.labelSelector(capacity.at("nodeTopology"));
  }

  static void runtimeClass(Subject runtimeClass) {
    NodeLabels.wholeSelector(runtimeClass.at("scheduling"));
  }

  static void ingress(Subject ingress) {
    boolean old = ingress.object().has("metadata", "annotations", INGRESS_CLASS);
    if (old && !ingress.object().has("spec", "ingressClassName")) {
      ingress.say(
          "annotation \""
              + INGRESS_CLASS
              + "\" is deprecated, please use 'spec.ingressClassName' instead");
    }
  }

  static void endpointSlice(Subject slice) {
    if (slice.object().string("addressType").equals("FQDN")) {
      slice.warn("spec.addressType", "FQDN endpoints are deprecated");
    }
  }
}
