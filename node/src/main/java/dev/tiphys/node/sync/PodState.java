package dev.tiphys.node.sync;

import org.jspecify.annotations.Nullable;

/// Where a Pod is on its way over this node. It only goes forwards.
sealed interface PodState {

  /// It is to run: what is missing is started.
  record Syncing() implements PodState {}

  /// It is to end: what runs is stopped.
  ///
  /// @param why for the Pod's status, if the agent itself ends it; else null
  record Terminating(@Nullable Why why) implements PodState {}

  /// Nothing of it runs. It stays as a record until its object is deleted.
  ///
  /// @param released whether all it had on the node is given back
  record Terminated(boolean released) implements PodState {}

  /// Nothing is left of it on this node, and nobody will ask for it.
  record Gone() implements PodState {}

  /// Why the agent ends a Pod.
  record Why(String reason, String message) {}
}
