package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.PodInfo;

/// A Pod that waits to be scheduled.
public interface QueuedPodInfo {

  /// Its newest state.
  PodInfo pod();

  /// Since when it waits, by the clock that measures spans: since it came, or failed last.
  long queued();

  /// How often it has been tried.
  int attempts();
}
