package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.List;

/// A filter whose answer about one node depends on others too.
///
/// Order: [#note] for each node that is new or has changed, then [#begin], then [#filter] as often
/// as need be.
public interface SurveyFilter extends Filter {

  /// Notes what matters of a node, in place of what was noted in its slot before.
  void note(NodeInfo node);

  /// Sums up what was noted.
  ///
  /// @param nodes all that exist
  /// @return whether there is anything to filter now
  boolean begin(List<NodeInfo> nodes);
}
