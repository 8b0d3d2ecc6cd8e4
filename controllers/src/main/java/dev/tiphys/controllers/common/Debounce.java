package dev.tiphys.controllers.common;

import dev.tiphys.client.Cause;
import dev.tiphys.client.controller.WorkQueue;
import dev.tiphys.object.api.ObjectKey;
import java.time.Duration;

/// How long changes of Pods are gathered before what they belong to is looked at: not at all while
/// it has few Pods, and a while when it has many. A look costs as much as there are Pods; without
/// this a wave of changes would cost the square of that.
public final class Debounce {

  private static final int FEW = 50;
  private static final Duration EACH = Duration.ofNanos(100_000);

  private Debounce() {}

  /// Queues an object.
  ///
  /// @param pods how many Pods belong to it
  public static void add(WorkQueue<ObjectKey> queue, ObjectKey key, long revision, long pods) {
    if (pods <= FEW) {
      queue.add(key, revision);
    } else {
      Cause.during(revision, () -> queue.addAfter(key, EACH.multipliedBy(pods)));
    }
  }
}
