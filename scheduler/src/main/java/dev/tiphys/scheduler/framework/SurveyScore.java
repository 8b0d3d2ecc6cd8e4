package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.List;

/// A score that depends on other nodes too.
///
/// Order: [#note] for each node that is new or has changed, then [#begin], then [#score] as often
/// as need be.
public interface SurveyScore extends Score {

  /// Notes what matters of a node, in place of what was noted in its slot before.
  void note(NodeInfo node);

  /// Sums up what was noted.
  ///
  /// @param nodes all that exist
  /// @param feasible those that have passed all filters
  /// @return whether the scores can differ now
  boolean begin(List<NodeInfo> nodes, List<NodeInfo> feasible);
}
