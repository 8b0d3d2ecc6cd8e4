package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.verdict.PreFilterResult;

/// Looks at one Pod before any node, in each of its cycles: for plugins that decide by what is not
/// in the template, as the state of the Pod's own claims.
///
/// It may name the only nodes that are worth a look, refuse all of them, or answer with a filter
/// for this cycle, which sees the nodes that the filters of the template let pass.
public interface PodPreFilterPlugin extends Plugin {

  /// @param state what the plugin may leave for its other extension points in this cycle
  PreFilterResult preFilter(CycleState state, PodInfo pod);
}
