package dev.tiphys.scheduler.plugins.volumes;

import dev.tiphys.client.placement.NodeTerm;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.scheduler.cluster.NodeFacts;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which volumes suit which claims and nodes.
final class Matching {

  static final Comparator<Struct> SMALLEST_FIRST =
      Comparator.comparing((Struct volume) -> quantity(volume.get("spec", "capacity", "storage")));

  private Matching() {}

  /// Whether a volume is what a claim asks for.
  static boolean suits(Struct volume, Struct claim) {
    Struct offered = volume.struct("spec");
    Struct wanted = claim.struct("spec");
    return new HashSet<>(offered.strings("accessModes")).containsAll(wanted.strings("accessModes"))
        && mode(offered).equals(mode(wanted))
        && quantity(offered.get("capacity", "storage"))
                .compareTo(quantity(wanted.get("resources", "requests", "storage")))
            >= 0
        && LabelSelector.from(wanted.struct("selector")).matches(Meta.of(volume).labels());
  }

  private static String mode(Struct spec) {
    String mode = spec.string("volumeMode");
    return mode.isEmpty() ? "Filesystem" : mode;
  }

  static Quantity quantity(@Nullable Object amount) {
    try {
      return Quantity.from(amount);
    } catch (IllegalArgumentException e) {
      return Quantity.ZERO;
    }
  }

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
