package dev.tiphys.scheduler.decisions;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What was decided about a Pod, and what every plugin thinks of every node for it.
///
/// @param pod in the state that was decided about
/// @param state where it stands: `Scheduled`, `Binding`, `Waiting`, `Gated` or `Unschedulable`
/// @param attempts how often it was tried; 0 if that is not known
/// @param plugins those that have refused it, or hold it back
/// @param last the last try; null if there was none, or if it is not remembered
/// @param nodes what is thought of each now
public record Decision(
    PodInfo pod,
    String state,
    int attempts,
    List<String> plugins,
    @Nullable Attempt last,
    List<NodeDecision> nodes) {

  /// The smaller change first.
  private static final Comparator<NodeDecision> SMALLEST_CHANGE_FIRST =
      Comparator.comparingInt((NodeDecision node) -> node.remedies().size())
          .thenComparingDouble(node -> node.remedies().stream().mapToDouble(Remedy::cost).sum())
          .thenComparing(NodeDecision::node);

  public Decision {
    plugins = List.copyOf(plugins);
    nodes = List.copyOf(nodes);
  }

  /// The node that the least would have to change on for the Pod to fit; absent if the Pod fits
  /// somewhere, or if no change is known that would do.
  public Optional<NodeDecision> nearest() {
    boolean fits = nodes.stream().anyMatch(NodeDecision::feasible);
    return fits
        ? Optional.empty()
        : nodes.stream().filter(node -> !node.remedies().isEmpty()).min(SMALLEST_CHANGE_FIRST);
  }

  /// As JSON has it.
  public Struct tree() {
    StructBuilder tree =
        new StructBuilder()
            .add("namespace", pod.key().namespace())
            .add("name", pod.key().name())
            .add("uid", pod.uid())
            .add("scheduler", pod.scheduler())
            .add("state", state)
            .add("attempts", (long) attempts)
            .add("plugins", plugins)
            .addUnlessEmpty("last", last == null ? Struct.EMPTY : last.tree())
            .add("nodes", nodes.stream().map(NodeDecision::tree).toList());
    if (!pod.node().isEmpty()) {
      tree.add("node", pod.node());
    }
    nearest()
        .ifPresent(
            node ->
                tree.add(
                    "smallestChange",
                    Struct.of(
                        "node",
                        node.node(),
                        "changes",
                        node.remedies().stream().map(Remedy::tree).toList())));
    return tree.build();
  }
}
