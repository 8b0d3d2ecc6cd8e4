package dev.tiphys.scheduler.decisions;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.scheduler.cluster.PodInfo;
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
    @Nullable Try last,
    List<NodeDecision> nodes) {

  public Decision {
    plugins = List.copyOf(plugins);
    nodes = List.copyOf(nodes);
  }

  /// What would have to change now for the Pod to fit; absent if it fits somewhere, or if no change
  /// is known that would do.
  public Optional<SmallestChange> smallestChange() {
    return SmallestChange.among(nodes);
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
    smallestChange().ifPresent(change -> tree.add("smallestChange", change.tree()));
    return tree.build();
  }
}
