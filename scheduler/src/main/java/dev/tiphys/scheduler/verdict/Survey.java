package dev.tiphys.scheduler.verdict;

import dev.tiphys.scheduler.cluster.NodeInfo;

/// A filter or score whose answer about one node depends on others too. It notes what matters of
/// each node as it changes.
public interface Survey {

  /// Notes what matters of a node, in place of what was noted in its slot before.
  void note(NodeInfo node);

  /// Drops what was noted in a slot: the node is gone.
  void forget(int slot);
}
