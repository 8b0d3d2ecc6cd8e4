package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The nodes that plugins name as the only ones that are worth a look.
///
/// Threads: the scheduling task.
final class NamedNodes {

  private final Set<String> nodes = new HashSet<>();
  private final TreeSet<String> plugins = new TreeSet<>();
  private @Nullable Rejection others;

  NamedNodes copy() {
    NamedNodes copy = new NamedNodes();
    copy.nodes.addAll(nodes);
    copy.plugins.addAll(plugins);
    copy.others = others;
    return copy;
  }

  /// @param only what a plugin names; null if it names none
  void restrict(String plugin, @Nullable Set<String> only) {
    if (only == null) {
      return;
    }
    if (plugins.isEmpty()) {
      nodes.addAll(only);
    } else {
      nodes.retainAll(only);
    }
    plugins.add(plugin);
    others =
        Rejection.lasting(
            plugins.first(),
            "node(s) didn't satisfy plugin(s) [" + String.join(" ", plugins) + "]");
  }

  /// Those that have named some.
  Set<String> plugins() {
    return plugins;
  }

  /// Why a node is not worth a look; null if it is.
  @Nullable Rejection verdict(NodeInfo node) {
    return others == null || nodes.contains(node.name()) ? null : others;
  }
}
