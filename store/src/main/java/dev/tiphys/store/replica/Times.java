package dev.tiphys.store.replica;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/// When a history was at which revision. Writes that are closer together than a tenth of a second
/// count as one.
///
/// Threads: guarded by its owner.
final class Times {

  private static final Duration SPACING = Duration.ofMillis(100);

  private final Deque<Sample> samples = new ArrayDeque<>();
  private Instant since;

  /// @param before the newest revision just before something happened
  private record Sample(Instant time, long before) {}

  /// @param since before when nothing is known
  Times(Instant since) {
    this.since = since;
  }

  /// Something happens.
  ///
  /// @param before the newest revision until now
  void add(Instant time, long before) {
    if (samples.isEmpty() || !time.isBefore(samples.getLast().time.plus(SPACING))) {
      samples.add(new Sample(time, before));
    }
  }

  /// The newest revision at a time; negative if that is not known.
  ///
  /// @param newest the newest one now
  long revisionAt(Instant time, long newest) {
    if (time.isBefore(since)) {
      return -1;
    }
    long revision = newest;
    for (Iterator<Sample> later = samples.descendingIterator(); later.hasNext(); ) {
      Sample sample = later.next();
      if (!sample.time.isAfter(time)) {
        return revision;
      }
      revision = sample.before;
    }
    return revision;
  }

  /// What was before `revision` can't be read any more.
  void dropBefore(long revision) {
    while (!samples.isEmpty() && samples.getFirst().before < revision) {
      since = samples.removeFirst().time;
    }
  }
}
