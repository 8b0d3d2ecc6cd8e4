package dev.tiphys.scheduler.verdict;

import dev.tiphys.scheduler.cluster.NodeInfo;
import org.jspecify.annotations.Nullable;

/// Tells whether a node suits the Pods of one template, by what is known of this node alone.
@FunctionalInterface
public interface Filter {

  /// Why the node does not suit them, or null if it does.
  @Nullable Rejection filter(NodeInfo node);
}
