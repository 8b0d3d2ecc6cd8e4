package dev.tiphys.client.placement;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which nodes a Pod must run on, and which it prefers.
///
/// @param selector labels the node must have
/// @param required terms of which one must match; absent if there is no such condition
/// @param preferred terms that count for their weight
public record NodeAffinity(
    LabelSelector selector, Optional<List<NodeTerm>> required, List<Preferred> preferred) {

  /// A term and what it counts for.
  public record Preferred(long weight, NodeTerm term) {}

  /// @param spec that of a Pod
  public static NodeAffinity of(Struct spec) {
    Struct affinity = spec.struct("affinity", "nodeAffinity");
    String required = "requiredDuringSchedulingIgnoredDuringExecution";
    return new NodeAffinity(
        LabelSelector.ofLabels(spec.struct("nodeSelector")),
        affinity.has(required)
            ? Optional.of(
                affinity.struct(required).structs("nodeSelectorTerms").stream()
                    .map(NodeTerm::of)
                    .toList())
            : Optional.empty(),
        affinity.structs("preferredDuringSchedulingIgnoredDuringExecution").stream()
            .map(p -> new Preferred(p.integer("weight"), NodeTerm.of(p.struct("preference"))))
            .toList());
  }

  /// Whether it may not run on just any node.
  public boolean hasRequirements() {
    return !selector.matchesEverything() || required.isPresent();
  }

  /// Whether the node is one the Pod may run on.
  public boolean allows(String node, Struct labels) {
    return selector.matches(labels)
        && (required.isEmpty()
            || required.get().stream().anyMatch(term -> term.matches(node, labels)));
  }

  /// What the node's matching preferences count for together.
  public long preference(String node, Struct labels) {
    long sum = 0;
    for (Preferred each : preferred) {
      if (each.term.matches(node, labels)) {
        sum += each.weight;
      }
    }
    return sum;
  }

  /// The only nodes the Pod may run on, if every required term names some.
  public Optional<Set<String>> only() {
    if (required.isEmpty() || required.get().isEmpty()) {
      return Optional.empty();
    }
    Set<String> all = new HashSet<>();
    for (NodeTerm term : required.get()) {
      Optional<Set<String>> some = term.only();
      if (some.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(some.get());
    }
    return Optional.of(all);
  }
}
