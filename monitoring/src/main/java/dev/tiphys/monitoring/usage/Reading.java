package dev.tiphys.monitoring.usage;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a container or a node has used until one time.
///
/// @param at when that is
/// @param cpuSeconds the processor time since it was started
/// @param workingSet bytes of memory that it needs now
/// @param started when it was started; null if that is not told
public record Reading(Instant at, double cpuSeconds, long workingSet, @Nullable Instant started) {

  /// From how short a life on a container's use is told, before there are two readings of it.
  private static final Duration YOUNGEST = Duration.ofSeconds(10);

  /// The reading that this one is to be compared with.
  ///
  /// @param last the one that was compared last, and what with; null if there is none
  /// @param period how often readings are made
  /// @return null if there is nothing to compare it with yet
  @Nullable Reading before(@Nullable Compared last, Duration period) {
    if (started != null) {
      Duration age = Duration.between(started, at);
      if (age.compareTo(period) < 0 && age.compareTo(YOUNGEST) >= 0) {
        return new Reading(started, 0, 0, started); // it began with nothing
      }
    }
    if (last == null || started != null && started.isAfter(last.now.at)) {
      return null; // it is another one that has the name now
    }
    return at.isAfter(last.now.at) ? last.now : last.before;
  }

  /// A reading, and the one that it is compared with.
  ///
  /// @param before null if there is none yet
  record Compared(Reading now, @Nullable Reading before) {

    /// What was used between the two; null if that cannot be said.
    @Nullable Usage usage() {
      if (before == null || now.cpuSeconds < before.cpuSeconds) {
        return null;
      }
      Duration window = Duration.between(before.at, now.at);
      if (!window.isPositive()) {
        return null;
      }
      double rate = (now.cpuSeconds - before.cpuSeconds) / (window.toNanos() / 1e9);
      return new Usage(now.at, window, (long) (rate * 1e9), now.workingSet);
    }
  }
}
