package dev.tiphys.scheduler.queue;

import java.time.Duration;

/// How long a Pod waits after a failure: twice as long after each, up to a limit.
///
/// @param first after the first one
/// @param longest after any
public record Backoff(Duration first, Duration longest) {

  public static final Backoff DEFAULT = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

  /// When the wait of a Pod is over, by the clock that measures spans.
  long end(QueuedPod queued) {
    int failures = queued.errors > 0 ? queued.errors : queued.refusals;
    if (failures == 0) {
      return Long.MIN_VALUE;
    }
    long span = first.toNanos();
    for (int i = 1; i < failures && span < longest.toNanos(); i++) {
      span *= 2;
    }
    return queued.failed + Math.min(span, longest.toNanos());
  }
}
