package dev.tiphys.client.leader;

import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;

/// A clock for what must not last too long: of two clocks it goes as the faster one does.
///
/// The one for spans stands still while a machine is suspended; the wall clock may be moved back.
/// Neither makes this one late, as long as it is looked at between the one and the other.
///
/// Threads: any.
final class CautiousClock {

  private final World world;
  private long nanos;
  private Instant wall;
  private long elapsed;

  CautiousClock(World world) {
    this.world = world;
    this.nanos = world.nanoTime();
    this.wall = world.now();
  }

  /// The time since it was made, in nanoseconds. Never goes backwards.
  synchronized long now() {
    long nanosNow = world.nanoTime();
    Instant wallNow = world.now();
    long span = Math.max(nanosNow - nanos, Duration.between(wall, wallNow).toNanos());
    nanos = nanosNow;
    wall = wallNow;
    elapsed += Math.max(span, 0);
    return elapsed;
  }
}
