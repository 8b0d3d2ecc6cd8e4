package dev.tiphys.node.simulated;

import java.time.Duration;

/// What becomes of a Pod on a simulated node.
public sealed interface Behaviour permits Script, Behaviour.Waits, Behaviour.Stays {

  /// Its containers can't be started for now.
  ///
  /// @param reason as a container that waits tells it: `CreateContainerConfigError`
  /// @param message the same in a sentence
  /// @param again after what time it is tried again
  record Waits(String reason, String message, Duration again) implements Behaviour {}

  /// It stays as it is until it is deleted.
  record Stays() implements Behaviour {}
}
