package dev.tiphys.secrets.provider.aws.client;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.StoreException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// How often, and after which waits, a request is sent again that may succeed later.
///
/// @param attempts at most, the first one among them
/// @param interval between attempts; zero for waits by chance that grow up to twenty seconds
public record Retries(int attempts, Duration interval) {

  /// As AWS's own libraries do it.
  public static final Retries USUAL = new Retries(3, Duration.ZERO);

  private static final long MOST = 10;
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final int DOUBLINGS = 5;

  /// A store's `retrySettings`.
  ///
  /// @throws StoreException if its interval is none
  public static Retries of(Struct settings) {
    try {
      String interval = settings.string("retryInterval");
      return new Retries(
          settings.has("maxRetries")
              ? (int) Math.clamp(settings.integer("maxRetries"), 1, MOST)
              : USUAL.attempts,
          interval.isEmpty() ? Duration.ZERO : GoDuration.parse(interval));
    } catch (IllegalArgumentException e) {
      throw new StoreException("unable to initialize aws provider: " + e.getMessage());
    }
  }

  /// How long to wait after an attempt failed, the first of which is 1.
  Duration after(int attempt, RandomGenerator random) {
    if (!interval.isZero()) {
      return interval.compareTo(LONGEST) < 0 ? interval : LONGEST;
    }
    long ceiling = Math.min(LONGEST.toMillis(), 1000L << Math.min(attempt - 1, DOUBLINGS));
    return Duration.ofMillis(random.nextLong(ceiling / 2, ceiling));
  }
}
