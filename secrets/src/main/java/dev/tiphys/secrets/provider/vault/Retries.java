package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.StoreException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// How often a request that failed is sent again, and when.
///
/// @param most how often
/// @param shortest the least wait before the first time
/// @param longest the most
record Retries(int most, Duration shortest, Duration longest) {

  private static final int MOST = 10;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMillis(1500);

  /// Of `retrySettings`; without them twice, after about a second.
  static Retries of(Struct spec) {
    Struct given = spec.struct("retrySettings");
    if (given.isEmpty()) {
      return new Retries(2, SHORTEST, LONGEST);
    }
    int most = Math.clamp(given.integer("maxRetries"), 0, MOST);
    String interval = given.string("retryInterval");
    if (interval.isEmpty()) {
      return new Retries(most, SHORTEST, LONGEST);
    }
    try {
      Duration wait = GoDuration.parse(interval);
      return new Retries(most, wait, wait);
    } catch (IllegalArgumentException e) {
      throw new StoreException("time: invalid duration \"" + interval + "\"");
    }
  }

  /// How long to wait before the next time.
  ///
  /// @param before how often it was sent again already
  Duration wait(int before, RandomGenerator random) {
    long spread = Math.max(0, longest.minus(shortest).toNanos());
    long one = shortest.toNanos() + (spread == 0 ? 0 : random.nextLong(spread));
    return Duration.ofNanos(one).multipliedBy(before + 1L);
  }

  /// Whether what was answered may be better the next time.
  static boolean helpAgainst(int status) {
    return status == 412 || status == 429 || status >= 500 && status != 501;
  }
}
