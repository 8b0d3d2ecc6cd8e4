package dev.tiphys.scheduler.plugins;

import dev.tiphys.client.placement.NodeAffinity;
import dev.tiphys.client.placement.NodeTerm;
import dev.tiphys.object.selector.Requirement;
import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The labels that a node lacks for affinities to allow it.
final class Labels {

  private Labels() {}

  /// What has to hold of the node's labels and does not; nothing if no labels would do.
  static List<Requirement> missing(List<NodeAffinity> affinities, NodeInfo node) {
    List<Requirement> missing = new ArrayList<>();
    for (NodeAffinity affinity : affinities) {
      missing.addAll(unmet(affinity.selector().requirements(), node));
      List<NodeTerm> terms =
          affinity.required().orElse(List.of()).stream()
              .filter(term -> couldMatch(term, node))
              .toList();
      if (affinity.required().isPresent()) {
        if (terms.isEmpty()) {
          return List.of();
        }
        missing.addAll(
            terms.stream()
                .map(term -> unmet(term.labels(), node))
                .min(Comparator.comparingInt(List::size))
                .orElseThrow());
      }
    }
    return missing;
  }

  /// Whether a term can be met by labels: it is met by the node's name, and is not empty.
  private static boolean couldMatch(NodeTerm term, NodeInfo node) {
    return !(term.labels().isEmpty() && term.names().isEmpty())
        && term.names().stream().allMatch(requirement -> requirement.matches(node.name()));
  }

  private static List<Requirement> unmet(List<Requirement> requirements, NodeInfo node) {
    return requirements.stream()
        .filter(
            requirement ->
                !requirement.matches(
                    node.facts().labels().get(requirement.key()) instanceof String value
                        ? value
                        : null))
        .toList();
  }
}
