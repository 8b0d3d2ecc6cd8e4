package dev.tiphys.world;

import java.time.Duration;

/// A place where tasks wait until another one opens it.
///
/// Opening lets exactly one waiting task through; if none waits, the next one to come passes at
/// once. Opening an open gate changes nothing. So a gate tells that something happened, not how
/// often: a task that passes looks at the state it waits for, and waits again if there is nothing
/// to do.
public interface Gate {

  /// Lets one task through, the one that waits now or the next one to come.
  void open();

  /// Waits until the gate is open, and closes it behind the caller.
  void await() throws InterruptedException;

  /// As [#await()], but gives up after `limit`. Returns whether the gate was passed.
  boolean await(Duration limit) throws InterruptedException;
}
