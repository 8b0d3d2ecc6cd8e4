package dev.tiphys.node.volumes.ledger;

import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// When to try again what failed: after five seconds, and twice as long each further time, up to
/// five minutes.
///
/// Threads: any.
public final class Retries {
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final World world;
  private final Map<String, Rest> rests = new ConcurrentHashMap<>();

  /// @param next how long to rest after the next failure
  private record Rest(Instant until, Duration next) {}

  public Retries(World world) {
    this.world = world;
  }

  /// Whether something has rested long enough; what never failed has.
  public boolean isDue(String key) {
    Rest rest = rests.get(key);
    return rest == null || !rest.until.isAfter(world.now());
  }

  /// It failed.
  public void failed(String key) {
    rests.compute(
        key,
        (_, last) -> {
          Duration rest = last == null ? FIRST : last.next;
          Duration doubled = rest.multipliedBy(2);
          return new Rest(
              world.now().plus(rest), doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled);
        });
  }

  /// It did not fail.
  public void succeeded(String key) {
    rests.remove(key);
  }
}
