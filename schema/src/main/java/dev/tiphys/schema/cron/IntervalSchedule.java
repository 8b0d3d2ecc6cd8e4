package dev.tiphys.schema.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// Something that is due as long after the last time as is said.
///
/// @param length of whole seconds
record IntervalSchedule(Duration length) implements CronSchedule {

  /// A second is the least.
  static IntervalSchedule of(Duration length) {
    return new IntervalSchedule(Duration.ofSeconds(Math.max(1, length.toSeconds())));
  }

  @Override
  public Instant next(Instant after) {
    return after.truncatedTo(ChronoUnit.SECONDS).plus(length);
  }

  @Override
  public @Nullable Instant last(Instant after, Instant until) {
    Instant first = next(after);
    if (first.isAfter(until)) {
      return null;
    }
    long more = Duration.between(first, until).dividedBy(length);
    return first.plus(length.multipliedBy(more));
  }
}
