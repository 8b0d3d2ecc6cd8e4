package dev.tiphys.scheduler.queue;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.framework.QueuedPodInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A Pod that waits to be scheduled, and how that has gone so far.
///
/// Threads: the scheduling task.
public final class QueuedPod implements QueuedPodInfo {

  /// Where it waits.
  enum Place {
    /// For its turn.
    ACTIVE,
    /// For a while, as it could not be placed.
    BACKING_OFF,
    /// For a while, as something went wrong.
    BACKING_OFF_AFTER_ERROR,
    /// For something to change.
    UNSCHEDULABLE,
    /// For the plugin that holds it back to let it go.
    GATED,
    /// Not at all: it is being scheduled.
    TAKEN;

    /// Upstream's name of the queue.
    String metric() {
      return switch (this) {
        case ACTIVE, TAKEN -> "active";
        case BACKING_OFF, BACKING_OFF_AFTER_ERROR -> "backoff";
        case UNSCHEDULABLE -> "unschedulable";
        case GATED -> "gated";
      };
    }
  }

  private final long order;
  private PodInfo pod;
  Place place = Place.GATED;
  long queued;
  long failed;

  /// Since when it might have had its turn; of a gated one, since its gates are gone.
  long entered;

  long taken;
  int attempts;

  /// How often in a row something went wrong.
  int errors;

  /// How often it was unschedulable.
  int refusals;

  /// Whether nothing but the longest wait has let it be tried again.
  boolean flushed;

  /// The plugins that have refused it, or the one that holds it back.
  Set<String> plugins = Set.of();

  /// What has happened to the Pod itself since it was taken.
  final List<ClusterEvent> own = new ArrayList<>(0);

  QueuedPod(PodInfo pod, long order) {
    this.pod = pod;
    this.order = order;
  }

  @Override
  public PodInfo pod() {
    return pod;
  }

  void pod(PodInfo now) {
    pod = now;
  }

  @Override
  public long queued() {
    return queued;
  }

  @Override
  public int attempts() {
    return attempts;
  }

  /// Since when it is being tried, by the clock that measures spans.
  public long taken() {
    return taken;
  }

  /// Since when it might have had its turn, by the clock that measures spans.
  public long entered() {
    return entered;
  }

  /// Whether no event, but the longest wait, has let it be tried this time.
  public boolean wasFlushed() {
    return flushed;
  }

  /// Where it stands, in a word.
  public String state() {
    return switch (place) {
      case ACTIVE, BACKING_OFF, BACKING_OFF_AFTER_ERROR -> "Waiting";
      case UNSCHEDULABLE -> "Unschedulable";
      case GATED -> "Gated";
      case TAKEN -> "Binding";
    };
  }

  /// The plugins that have refused it, or the one that holds it back.
  public Set<String> plugins() {
    return plugins;
  }

  /// When it came, among others of the same time.
  long order() {
    return order;
  }

  @Override
  public String toString() {
    return pod.toString();
  }
}
