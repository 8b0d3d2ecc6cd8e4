package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.verdict.Score;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Scores nodes for one Pod in one cycle: for plugins that decide by what is not in the template.
public interface PreScorePlugin extends Plugin {

  /// The score of this cycle; null if all nodes suit the Pod alike.
  ///
  /// @param feasible the nodes that have passed all filters, more than one
  Score.@Nullable OfNode preScore(CycleState state, PodInfo pod, List<NodeInfo> feasible);
}
