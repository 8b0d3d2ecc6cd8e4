package dev.tiphys.node.pod;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How long something that failed has to rest before it is tried again: nothing the first time,
/// then 10 s, and twice as long each further time up to five minutes. A container that ran well for
/// ten minutes starts anew.
///
/// @param delay the rest after the next failure
/// @param tried when it was tried last
public record Backoff(Duration delay, Instant tried) {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration WELL = LONGEST.multipliedBy(2);

  /// Until when to rest after a failure; null if there is no need to.
  ///
  /// @param known what [#next] gave the last time; null if it was never called
  public static @Nullable Instant until(@Nullable Backoff known, Instant failed) {
    return known == null || known.isOver(failed) ? null : failed.plus(known.delay);
  }

  /// What to remember when it is tried again now.
  public static Backoff next(@Nullable Backoff known, Instant failed, Instant now) {
    if (known == null || known.isOver(failed)) {
      return new Backoff(FIRST, now);
    }
    Duration doubled = known.delay.multipliedBy(2);
    return new Backoff(doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled, now);
  }

  private boolean isOver(Instant failed) {
    return Duration.between(tried, failed).compareTo(WELL) > 0;
  }
}
