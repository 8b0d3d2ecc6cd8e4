package dev.tiphys.network.dns.forward;

import java.time.Duration;

/// How answers are remembered.
///
/// @param entries how many, of those that found something and of those that did not
/// @param longest for how long what was found is remembered
/// @param longestDenial for how long it is remembered that nothing was found
/// @param hot from how many hits on a name it is asked for again before its answer ends; 0 for
///   never
/// @param stale for how long an answer that has ended is given while no server has another; zero
///   for not at all
public record CacheSettings(
    int entries, Duration longest, Duration longestDenial, int hot, Duration stale) {

  public static final CacheSettings DEFAULT =
      new CacheSettings(
          9984, Duration.ofSeconds(3600), Duration.ofSeconds(1800), 3, Duration.ofHours(1));

  /// Nothing is remembered.
  public static final CacheSettings NONE =
      new CacheSettings(0, Duration.ZERO, Duration.ZERO, 0, Duration.ZERO);
}
