package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.List;

/// Tells how well a node suits the Pods of one template, by what is known of this node alone.
@FunctionalInterface
public interface Score {

  /// The largest score of a node, after [#normalize].
  long MAX = 100;

  long score(NodeInfo node);

  /// Brings scores into the range from 0 to 100.
  ///
  /// @param scores the scores of `nodes`, in their order; changed in place
  default void normalize(long[] scores, List<NodeInfo> nodes) {}

  /// Scores in proportion to the largest of them.
  ///
  /// @param reversed whether the largest is the worst
  static void inProportion(long[] scores, int count, boolean reversed) {
    long max = 0;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, scores[i]);
    }
    for (int i = 0; i < count; i++) {
      long share = max == 0 ? 0 : scores[i] * MAX / max;
      scores[i] = reversed ? MAX - share : share;
    }
  }
}
