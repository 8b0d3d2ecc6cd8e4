package dev.tiphys.scheduler.verdict;

import dev.tiphys.scheduler.cluster.NodeInfo;

/// Tells how well a node suits a Pod, or the Pods of one template.
public sealed interface Score {

  /// The largest score of a node.
  long MAX = 100;

  /// By what is known of the node alone.
  sealed interface OfNode extends Score {
    long score(NodeInfo node);
  }

  /// From 0 to 100.
  @FunctionalInterface
  non-sealed interface Absolute extends OfNode {}

  /// In proportion to the node that has most.
  @FunctionalInterface
  non-sealed interface Relative extends OfNode {

    /// Whether the node with the most suits worst.
    default boolean reversed() {
      return false;
    }
  }

  /// By what is known of other nodes too.
  non-sealed interface Surveying extends Score, Survey {

    /// Scores nodes, from 0 to 100.
    ///
    /// @param feasible those that have passed all filters
    /// @param scores to be filled in, in their order
    /// @return whether that was done: false if all would have the same
    boolean score(Slots feasible, long[] scores);

    /// What each has if all have the same.
    default int ofAll() {
      return 0;
    }
  }
}
