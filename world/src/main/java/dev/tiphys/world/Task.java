package dev.tiphys.world;

import java.time.Duration;

/// A running body of code, started with [World#start].
public interface Task {

  /// Interrupts the task: what it waits for ends with an `InterruptedException`.
  void interrupt();

  /// Waits for the task's end.
  void join() throws InterruptedException;

  /// Waits for the task's end, but gives up after `limit`. Returns whether the task has ended.
  boolean join(Duration limit) throws InterruptedException;

  /// Whether the body has returned or thrown.
  boolean done();
}
