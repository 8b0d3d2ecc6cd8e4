package dev.tiphys.network.router.proxy;

import dev.tiphys.world.World;
import java.time.Duration;

/// How fast a response is passed on. What a second may have is passed on at once at its beginning,
/// as with nginx' limit_rate.
///
/// Threads: the event loop.
final class Pace {

  /// How often more is passed on.
  static final Duration STEP = Duration.ofMillis(100);

  private final World world;
  private final long perSecond;
  private final long after;
  private long begun = -1;

  /// @param perSecond in bytes
  /// @param after how many bytes are passed on before the rate counts
  Pace(World world, long perSecond, long after) {
    this.world = world;
    this.perSecond = perSecond;
    this.after = after;
  }

  /// How many bytes more may be passed on by now.
  ///
  /// @param sent how many were so far
  int allowed(long sent) {
    long now = world.nanoTime();
    begun = begun < 0 ? now : begun;
    double most = after + perSecond * (1 + (now - begun) / 1e9);
    return (int) Math.clamp(most - sent, 0, Integer.MAX_VALUE);
  }
}
