package dev.tiphys.schema.warnings;

import dev.tiphys.object.Struct;
import java.util.Map;

/// Warnings about selectors that name labels of nodes which have new names.
final class NodeLabels {

  private static final Map<String, String> DEPRECATED =
      Map.of(
          "beta.kubernetes.io/arch",
          "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
          "beta.kubernetes.io/os",
          "deprecated since v1.14; use \"kubernetes.io/os\" instead",
          "failure-domain.beta.kubernetes.io/region",
          "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
          "failure-domain.beta.kubernetes.io/zone",
          "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
          "beta.kubernetes.io/instance-type",
          "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead");

  private NodeLabels() {}

  /// A `nodeSelector` of a Pod.
  static void selector(Subject spec) {
    Struct labels = spec.object().struct("nodeSelector");
    labels.forEach((label, value) -> warn(spec, "nodeSelector[" + label + "]", label));
  }

  /// A `nodeSelector` whose entries are told together.
  static void wholeSelector(Subject scheduling) {
    Struct labels = scheduling.object().struct("nodeSelector");
    labels.forEach((label, value) -> warn(scheduling, "nodeSelector", label));
  }

  private static void warn(Subject subject, String path, String label) {
    String text = DEPRECATED.get(label);
    if (text != null) {
      subject.warn(path, text);
    }
  }

  /// A field that holds a label's key.
  static void key(Subject subject, String field) {
    String label = subject.object().string(field);
    String text = DEPRECATED.get(label);
    if (text != null) {
      subject.warn(field, label + " is " + text);
    }
  }

  static void affinity(Subject affinity) {
    for (Subject term :
        affinity.items("requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")) {
      term(term);
    }
    for (Subject term : affinity.items("preferredDuringSchedulingIgnoredDuringExecution")) {
      term(term.at("preference"));
    }
  }

  /// A term that selects nodes.
  static void term(Subject term) {
    term.items("matchExpressions").forEach(expression -> key(expression, "key"));
  }

  /// A label selector that selects nodes.
  static void labelSelector(Subject selector) {
    term(selector);
    Struct labels = selector.object().struct("matchLabels");
    labels.forEach((label, value) -> warn(selector, "matchLabels." + label, label));
  }

  /// An expression of a StorageClass' topology.
  static void topology(Subject expression) {
    warn(expression, "key", expression.object().string("key"));
  }
}
