package dev.tiphys.scheduler.queue;

import dev.tiphys.scheduler.queue.QueuedPod.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The Pods that wait a while: those that could not be placed, whose wait may be cut short, and
/// those with which something went wrong.
///
/// Threads: the scheduling task.
final class BackoffQueue {

  /// Waits that end within the same second are cut short in the order of turns.
  private static final long WINDOW = Duration.ofSeconds(1).toNanos();

  private final Backoff backoff;

  /// All of them, in the order in which their waits end.
  private final NavigableSet<QueuedPod> byEnd;

  /// Those that could not be placed, in the order in which their waits may be cut short.
  private final NavigableSet<QueuedPod> refused;

  /// @param turns which of two has its turn first
  BackoffQueue(Backoff backoff, Comparator<QueuedPod> turns) {
    this.backoff = backoff;
    this.refused =
        new TreeSet<>(
            Comparator.comparingLong(this::window)
                .thenComparing(turns)
                .thenComparingLong(QueuedPod::order));
    this.byEnd =
        new TreeSet<>(Comparator.comparingLong(backoff::end).thenComparingLong(QueuedPod::order));
  }

  private long window(QueuedPod queued) {
    return Math.floorDiv(backoff.end(queued), WINDOW);
  }

  void add(QueuedPod queued) {
    byEnd.add(queued);
    if (queued.place == Place.BACKING_OFF) {
      refused.add(queued);
    }
  }

  void remove(QueuedPod queued) {
    byEnd.remove(queued);
    refused.remove(queued);
  }

  /// Takes one whose wait may be cut short; null if there is none.
  @Nullable QueuedPod pollEarly() {
    QueuedPod first = refused.pollFirst();
    if (first != null) {
      byEnd.remove(first);
    }
    return first;
  }

  /// Takes those whose wait is over.
  List<QueuedPod> pollEnded(long now) {
    if (firstEnd() > now) {
      return List.of();
    }
    List<QueuedPod> ended = new ArrayList<>();
    while (firstEnd() <= now) {
      QueuedPod first = byEnd.first();
      remove(first);
      ended.add(first);
    }
    return ended;
  }

  /// When the first wait is over; the last moment there is if none goes on.
  long firstEnd() {
    return byEnd.isEmpty() ? Long.MAX_VALUE : backoff.end(byEnd.first());
  }
}
