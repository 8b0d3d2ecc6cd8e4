package dev.tiphys.world;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// The clock, timers, tasks and chance that one cluster lives by.
///
/// A part that waits for another part waits on a [Gate] or in [#sleep], never on a bare lock,
/// future or queue: only then can a virtual world know that it waits. Short critical sections on
/// plain locks are fine as long as nothing inside them waits.
///
/// Threads: every method may be called from any thread.
public interface World {

  /// The wall clock. Goes where the operating system's clock goes, backwards too.
  Instant now();

  /// A clock for measuring spans, in nanoseconds from an arbitrary origin. Never goes backwards.
  long nanoTime();

  /// Holds the calling task for `span`.
  void sleep(Duration span) throws InterruptedException;

  /// Runs `action` once, after `delay`. The action must be short and must not wait: it runs on a
  /// thread that all timers share.
  Timer schedule(Duration delay, Runnable action);

  /// Starts `body` as a task of its own, on a virtual thread named `name`. What it throws is
  /// reported, and ends only this task. For work that comes to an end; a loop that must not end is
  /// started with [#supervisor].
  Task start(String name, Runnable body);

  /// As [#start], on a platform thread of its own: for a body that holds its thread while it waits,
  /// as file input and output do.
  Task startThread(String name, Runnable body);

  /// What keeps endless loops running.
  Supervisor supervisor();

  /// A new gate, closed.
  Gate gate();

  /// The source of chance. In the real world it is fit for keys and tokens.
  RandomGenerator random();

  /// This world, for work that is never finished: heartbeats, resyncs, clean-up rounds. What such
  /// work waits for does not keep a virtual world from being quiescent.
  World background();
}
