package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.framework.QueueSortPlugin;
import dev.tiphys.scheduler.framework.QueuedPodInfo;
import java.util.Comparator;

/// The most important Pod has its turn first, then the one that waits longest.
final class PrioritySort implements QueueSortPlugin {

  private static final Comparator<QueuedPodInfo> ORDER =
      Comparator.comparingLong((QueuedPodInfo queued) -> -queued.pod().priority())
          .thenComparingLong(QueuedPodInfo::queued);

  @Override
  public String name() {
    return "PrioritySort";
  }

  @Override
  public Comparator<QueuedPodInfo> order() {
    return ORDER;
  }
}
