package dev.tiphys.scheduler.decisions;

import dev.tiphys.object.Struct;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The least that would have to change for a Pod to fit.
///
/// @param node where it would fit then
/// @param remedies what all would have to change
public record SmallestChange(String node, List<Remedy> remedies) {

  private static final Comparator<SmallestChange> SMALLEST_FIRST =
      Comparator.comparingInt((SmallestChange change) -> change.remedies.size())
          .thenComparingDouble(change -> change.remedies.stream().mapToDouble(Remedy::cost).sum())
          .thenComparing(SmallestChange::node);

  public SmallestChange {
    remedies = List.copyOf(remedies);
  }

  /// Absent if the Pod fits somewhere, or if no change is known that would do.
  ///
  /// @param nodes what all plugins think of each
  public static Optional<SmallestChange> among(List<NodeDecision> nodes) {
    if (nodes.stream().anyMatch(NodeDecision::feasible)) {
      return Optional.empty();
    }
    return nodes.stream()
        .map(node -> new SmallestChange(node.node(), node.remedies()))
        .filter(change -> !change.remedies.isEmpty())
        .min(SMALLEST_FIRST);
  }

  /// As JSON has it.
  Struct tree() {
    return Struct.of("node", node, "changes", remedies.stream().map(Remedy::tree).toList());
  }
}
