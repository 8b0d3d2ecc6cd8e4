package dev.tiphys.world;

/// A running body of code, started with [World#start].
public interface Task {

  /// Interrupts the task: what it waits for ends with an `InterruptedException`.
  void interrupt();

  /// Waits for the task's end.
  void join() throws InterruptedException;

  /// Whether the body has returned or thrown.
  boolean done();
}
