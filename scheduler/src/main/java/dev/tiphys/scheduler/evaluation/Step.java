package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A filter, and its place among all of the profile.
record Step<F extends Filter>(int place, F filter) {

  /// What the first says that refuses a node; null if none does.
  ///
  /// @param before only those are asked that come before this place
  static @Nullable Rejection first(List<? extends Step<?>> steps, NodeInfo node, int before) {
    for (Step<?> step : steps) {
      if (step.place >= before) {
        return null;
      }
      Rejection rejection = step.filter.filter(node);
      if (rejection != null) {
        return rejection;
      }
    }
    return null;
  }
}
