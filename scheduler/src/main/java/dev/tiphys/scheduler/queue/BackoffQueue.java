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
  private final NavigableSet<QueuedPod> refused;
  private final NavigableSet<QueuedPod> failed;

  /// @param turns which of two has its turn first
  BackoffQueue(Backoff backoff, Comparator<QueuedPod> turns) {
    this.backoff = backoff;
    this.refused =
        new TreeSet<>(
            Comparator.comparingLong(this::window)
                .thenComparing(turns)
                .thenComparingLong(QueuedPod::order));
    this.failed =
        new TreeSet<>(Comparator.comparingLong(backoff::end).thenComparingLong(QueuedPod::order));
  }

  private long window(QueuedPod queued) {
    return Math.floorDiv(backoff.end(queued), WINDOW);
  }

  void add(QueuedPod queued) {
    of(queued).add(queued);
  }

  void remove(QueuedPod queued) {
    of(queued).remove(queued);
  }

  private NavigableSet<QueuedPod> of(QueuedPod queued) {
    return queued.place == Place.BACKING_OFF ? refused : failed;
  }

  /// Takes one whose wait may be cut short; null if there is none.
  @Nullable QueuedPod pollEarly() {
    return refused.pollFirst();
  }

  /// Takes those whose wait is over.
  List<QueuedPod> pollEnded(long now) {
    if (firstEnd() > now) {
      return List.of();
    }
    List<QueuedPod> ended = new ArrayList<>();
    for (NavigableSet<QueuedPod> set : List.of(refused, failed)) {
      for (QueuedPod queued : upTo(set, Math.floorDiv(now, WINDOW))) {
        if (backoff.end(queued) <= now) {
          set.remove(queued);
          ended.add(queued);
        }
      }
    }
    return ended;
  }

  /// When the first wait is over; the last moment there is if none goes on.
  long firstEnd() {
    return Math.min(firstEnd(refused), firstEnd(failed));
  }

  private long firstEnd(NavigableSet<QueuedPod> set) {
    return set.isEmpty()
        ? Long.MAX_VALUE
        : upTo(set, window(set.first())).stream()
            .mapToLong(backoff::end)
            .min()
            .orElse(Long.MAX_VALUE);
  }

  private List<QueuedPod> upTo(NavigableSet<QueuedPod> set, long window) {
    return set.stream().takeWhile(queued -> window(queued) <= window).toList();
  }
}
