package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.verdict.Rejection;
import org.jspecify.annotations.Nullable;

/// Is told that a Pod has been given a node, before the API is: to set aside what the Pod takes
/// that the node does not know of.
public interface ReservePlugin extends Plugin {

  /// Sets something aside. Returns why that can't be, or null if it was done; a failure is thrown.
  @Nullable Rejection reserve(CycleState state, PodInfo pod, NodeInfo node);

  /// Takes it back, as the Pod is not bound after all. Called for all plugins of the profile in
  /// reverse order, for those too that have not reserved; must not fail.
  void unreserve(CycleState state, PodInfo pod, NodeInfo node);
}
