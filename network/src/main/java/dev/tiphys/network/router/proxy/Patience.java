package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.connections.Deadlines;
import dev.tiphys.network.router.table.Timeouts;
import java.time.Duration;

/// How long an exchange waits for each thing that it needs, and how long it may take as a whole.
///
/// Threads: the event loop.
final class Patience {

  private final Worker worker;
  private final Timeouts timeouts;
  private final Deadlines.Deadline deadline;
  private final long end; // of the time for all of it

  /// @param begun when the request came
  /// @param over is run when something has taken too long
  Patience(Worker worker, Timeouts timeouts, long begun, Runnable over) {
    this.worker = worker;
    this.timeouts = timeouts;
    this.deadline = worker.deadlines().add(over);
    long whole = timeouts.whole().toNanos();
    this.end = whole == 0 ? Long.MAX_VALUE : begun + whole;
  }

  /// Nothing is awaited but the end of a delay, at which its time is over.
  void delay(Duration delay) {
    deadline.in(delay);
  }

  /// It is the backend's turn to have room.
  void awaitTurn() {
    deadline.in(timeouts.idle(), end);
  }

  void awaitConnection() {
    deadline.in(timeouts.perTry(), end);
  }

  /// It is the endpoint's turn to take or to send something.
  ///
  /// @param responding whether its response has begun
  void awaitEndpoint(boolean responding) {
    boolean perTry = !responding && !timeouts.perTry().isZero();
    deadline.in(perTry ? timeouts.perTry() : timeouts.idle(), end);
  }

  /// It is its own turn: neither side can be too slow.
  void awaitNothing() {
    deadline.in(Duration.ZERO, end);
  }

  /// Whether the time for all of it is over.
  boolean isOver() {
    return end != Long.MAX_VALUE && worker.world().nanoTime() - end >= 0;
  }

  /// Nothing is awaited any more.
  void drop() {
    deadline.drop();
  }
}
