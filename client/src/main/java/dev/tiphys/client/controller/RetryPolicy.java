package dev.tiphys.client.controller;

import java.time.Duration;

/// How long a key that failed waits until it is tried again.
///
/// @param first the wait after the first failure; each further one in a row doubles it
/// @param longest the longest wait that comes of this
/// @param perSecond how many retries of all keys together there may be in a second, beyond a burst
/// @param burst how many retries of all keys together are free
public record RetryPolicy(Duration first, Duration longest, int perSecond, int burst) {

  /// Upstream's for most controllers.
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofMillis(5), Duration.ofSeconds(1000), 10, 100);

  public RetryPolicy {
    if (first.isNegative() || longest.compareTo(first) < 0 || perSecond < 1 || burst < 1) {
      throw new IllegalArgumentException("no policy: " + first + " " + longest);
    }
  }

  /// The default but for the waits of one key.
  public static RetryPolicy between(Duration first, Duration longest) {
    return new RetryPolicy(first, longest, DEFAULT.perSecond, DEFAULT.burst);
  }

  /// The wait of a key that has failed some times in a row.
  ///
  /// @param failures at least 1
  Duration delay(int failures) {
    Duration delay = first;
    for (int i = 1; i < failures && delay.compareTo(longest) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(longest) < 0 ? delay : longest;
  }
}
