package dev.tiphys.scheduler.queue;

import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.Set;

/// A Pod that waits to be scheduled, and how that has gone so far.
///
/// Threads: the scheduling task.
public final class QueuedPod {

  /// Where it waits.
  enum Place {
    /// For its turn.
    ACTIVE,
    /// For the back-off after a failure to end.
    BACKING_OFF,
    /// For something to change.
    UNSCHEDULABLE,
    /// For its gates to be taken away.
    GATED,
    /// Not at all: it is being scheduled.
    TAKEN
  }

  private final long order;
  private PodInfo pod;
  Place place = Place.GATED;
  long queued;
  long failed;
  int attempts;
  Set<String> plugins = Set.of();

  QueuedPod(PodInfo pod, long order) {
    this.pod = pod;
    this.order = order;
  }

  /// Its newest state.
  public PodInfo pod() {
    return pod;
  }

  void pod(PodInfo now) {
    pod = now;
  }

  /// How often it has been tried.
  public int attempts() {
    return attempts;
  }

  /// When it came, among others of the same time.
  long order() {
    return order;
  }
}
