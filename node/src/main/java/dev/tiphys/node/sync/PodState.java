package dev.tiphys.node.sync;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where a Pod is on its way over this node. It only goes forwards.
sealed interface PodState {

  /// It is to run: what is missing is started.
  record Syncing() implements PodState {}

  /// It is to end: what runs is stopped.
  ///
  /// @param grace how long it has; null for as long as the Pod says
  /// @param why for the Pod's status, if the agent itself ends it
  record Terminating(@Nullable Duration grace, @Nullable Why why) implements PodState {}

  /// Nothing of it runs. It stays as a record until its object is deleted.
  ///
  /// @param released whether all it had on the node is given back
  record Terminated(boolean released) implements PodState {}

  /// Nothing is left of it on this node, and nobody will ask for it.
  record Gone() implements PodState {}

  /// Why the agent ends a Pod.
  record Why(String reason, String message) {}
}
