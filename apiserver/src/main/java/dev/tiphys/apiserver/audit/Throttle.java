package dev.tiphys.apiserver.audit;

import dev.tiphys.world.World;
import java.time.Duration;

/// Lets so many through in a second: a bucket of tokens.
///
/// Threads: one.
final class Throttle {

  private static final double NANOS = 1e9;

  private final World world;
  private final double rate;
  private final int burst;
  private double tokens;
  private long since;

  /// @param rate how many in a second; 0 for any number
  /// @param burst how many at once, after a quiet time
  Throttle(World world, double rate, int burst) {
    this.world = world.background();
    this.rate = rate;
    this.burst = burst;
    this.tokens = burst;
    this.since = world.nanoTime();
  }

  /// Waits for its turn.
  void await() throws InterruptedException {
    if (rate <= 0) {
      return;
    }
    long now = world.nanoTime();
    tokens = Math.min(burst, tokens + (now - since) / NANOS * rate) - 1;
    since = now;
    if (tokens < 0) {
      world.sleep(Duration.ofNanos((long) (-tokens / rate * NANOS)));
    }
  }
}
