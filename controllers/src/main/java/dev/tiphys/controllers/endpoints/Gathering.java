package dev.tiphys.controllers.endpoints;

import dev.tiphys.client.Cause;
import dev.tiphys.client.ObjectKey;
import dev.tiphys.client.WorkQueue;
import java.time.Duration;

/// How long changes are gathered before a Service is looked at: not at all while it has few Pods,
/// and a while when it has many, so that a wave of changes costs no more than it must.
final class Gathering {

  private static final int FEW = 50;
  private static final Duration EACH = Duration.ofNanos(100_000);

  private Gathering() {}

  /// Queues a Service.
  ///
  /// @param places how many Pods it leads to
  static void add(WorkQueue<ObjectKey> queue, ObjectKey service, long revision, int places) {
    if (places <= FEW) {
      queue.add(service, revision);
    } else {
      Cause.during(revision, () -> queue.addAfter(service, EACH.multipliedBy(places)));
    }
  }
}
