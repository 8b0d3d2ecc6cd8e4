package dev.tiphys.scheduler.framework;

import java.util.Comparator;

/// Says which of the Pods that wait for their turn has it first. All profiles have the same one.
public interface QueueSortPlugin extends Plugin {

  /// The first has its turn first; those that are equal have theirs as they came.
  Comparator<QueuedPodInfo> order();
}
