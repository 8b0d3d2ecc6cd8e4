package dev.tiphys.node.sync;

import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.PodContainer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A step towards what a Pod asks for. Closed: [PodApplier] can do each of them.
sealed interface PodAction {

  /// Stops everything that is left of a sandbox that is no good any more.
  record StopRemains() implements PodAction {}

  /// Makes a sandbox.
  ///
  /// @param attempt how many there were before
  record CreateSandbox(int attempt) implements PodAction {}

  /// Stops a container.
  ///
  /// @param message says why, for the event
  /// @param grace how long it has; null for as long as the Pod says
  record StopContainer(
      PodContainer container, Observed observed, String message, @Nullable Duration grace)
      implements PodAction {}

  /// Makes a container, and starts it.
  ///
  /// @param before the one that it replaces; null if it is the first
  record StartContainer(PodContainer container, @Nullable Observed before) implements PodAction {}
}
