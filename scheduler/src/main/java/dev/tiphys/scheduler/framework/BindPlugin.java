package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;

/// Tells the API which node a Pod runs on. The first that does so ends the chain.
public interface BindPlugin extends Plugin {

  /// Binds a Pod, on a task that may wait for the API. Returns false if that is left to the next
  /// plugin; a failure is thrown.
  boolean bind(CycleState state, PodInfo pod, NodeInfo node);
}
