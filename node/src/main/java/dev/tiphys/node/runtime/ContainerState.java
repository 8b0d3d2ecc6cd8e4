package dev.tiphys.node.runtime;

/// Where a container is in its life.
public enum ContainerState {
  CREATED,
  RUNNING,
  EXITED,
  /// The runtime lost track of it.
  UNKNOWN
}
