package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;

/// Something that may let a waiting Pod run.
public sealed interface ClusterEvent {

  /// A node is new, or says something else about itself than before.
  record NodeChanged(NodeInfo node) implements ClusterEvent {}

  /// A node is gone.
  record NodeLeft(String name) implements ClusterEvent {}

  /// A Pod is no longer on its node.
  record PodLeft(PodInfo pod, NodeInfo node) implements ClusterEvent {}

  /// A Pod has come onto a node, or has other labels than before.
  record PodArrived(PodInfo pod, NodeInfo node) implements ClusterEvent {}
}
