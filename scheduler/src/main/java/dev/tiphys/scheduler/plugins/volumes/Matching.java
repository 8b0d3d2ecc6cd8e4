package dev.tiphys.scheduler.plugins.volumes;

import dev.tiphys.client.placement.NodeTerm;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.NodeFacts;
import java.util.List;

/// Which volumes suit which nodes.
final class Matching {

  private Matching() {}

  /// Whether a volume can be reached from a node.
  static boolean reaches(Struct volume, NodeFacts node) {
    Struct required = volume.struct("spec", "nodeAffinity", "required");
    return required.isEmpty()
        || required.structs("nodeSelectorTerms").stream()
            .anyMatch(term -> NodeTerm.of(term).matches(node.name(), node.labels()));
  }

  /// Whether volumes of a class can be made for a node.
  static boolean canProvision(Struct storageClass, NodeFacts node) {
    String provisioner = storageClass.string("provisioner");
    if (provisioner.isEmpty() || provisioner.equals("kubernetes.io/no-provisioner")) {
      return false;
    }
    List<Struct> terms = storageClass.structs("allowedTopologies");
    return terms.isEmpty() || terms.stream().anyMatch(term -> allows(term, node));
  }

  private static boolean allows(Struct term, NodeFacts node) {
    return term.structs("matchLabelExpressions").stream()
        .allMatch(
            expression ->
                expression
                    .strings("values")
                    .contains(node.labels().string(expression.string("key"))));
  }
}
