package dev.tiphys.apiserver.fairness;

import java.util.ArrayDeque;
import java.util.Deque;

/// After how many seconds clients that were refused are to try again: the more are refused, the
/// later.
///
/// Threads: one at a time.
final class Refusals {

  private static final int LONGEST = 32;

  private final Deque<Second> history = new ArrayDeque<>();
  private long second;
  private long count;
  private long retryAfter = 1;
  private long raisedAt;

  private record Second(long second, long count) {}

  /// Notes a refusal. Returns the seconds that its client is to wait.
  ///
  /// @param now in seconds
  long note(long now) {
    if (now == second) {
      count++;
      return retryAfter;
    }
    history.addLast(new Second(second, count));
    long kept = Math.min(2 * retryAfter, LONGEST);
    while (now - history.getFirst().second > kept && history.size() > 1) {
      history.removeFirst();
    }
    second = now;
    count = 1;
    adjust(now);
    return retryAfter;
  }

  /// Twice as long after many refusals, a second less after few.
  private void adjust(long now) {
    long recent = 0;
    for (Second each : history) {
      if (now - each.second <= retryAfter) {
        recent += each.count;
      }
    }
    if (now - raisedAt >= retryAfter && recent >= 3 * retryAfter) {
      retryAfter = Math.min(2 * retryAfter, LONGEST);
      raisedAt = now;
    } else if (recent < retryAfter && retryAfter > 1) {
      retryAfter--;
    }
  }
}
