package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;

/// Is told that a Pod is bound.
public interface PostBindPlugin extends Plugin {

  void postBind(CycleState state, PodInfo pod, NodeInfo node);
}
