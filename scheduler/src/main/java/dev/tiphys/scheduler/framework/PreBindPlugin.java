package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.verdict.Rejection;
import org.jspecify.annotations.Nullable;

/// Does what has to be done before a Pod is bound.
public interface PreBindPlugin extends Plugin {

  /// Whether there is anything to do for a Pod. Called on the scheduling task.
  boolean preBindPreFlight(CycleState state, PodInfo pod, NodeInfo node);

  /// Does it, on a task of the Pod's own, where it may wait. Returns why it can't be done, or null
  /// if it was; a failure is thrown.
  @Nullable Rejection preBind(CycleState state, PodInfo pod, NodeInfo node)
      throws InterruptedException;
}
