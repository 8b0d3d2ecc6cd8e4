package dev.tiphys.scheduler.queue;

import dev.tiphys.scheduler.events.ClusterEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The Pods that are being scheduled, and what has happened since the first of them was taken: what
/// may help a Pod may come while it is still being tried.
///
/// Threads: the scheduling task.
final class InFlight {

  /// More events than this are not remembered: then any may have helped.
  private static final int REMEMBERED = 100_000;

  /// By the Pods, in the order in which they were taken: the number of the next event at that time.
  private final Map<QueuedPod, Long> since = new LinkedHashMap<>();

  private final List<ClusterEvent> events = new ArrayList<>();

  /// The number of the first event that is remembered.
  private long first;

  void add(QueuedPod queued) {
    queued.own.clear();
    since.put(queued, first + events.size());
  }

  void remove(QueuedPod queued) {
    if (since.remove(queued) != null) {
      long oldest = since.isEmpty() ? first + events.size() : since.values().iterator().next();
      int done = (int) (oldest - first);
      // Not each time: what is left has to be moved.
      if (done > 64 && done * 2 > events.size()) {
        forget(done);
      }
    }
  }

  private void forget(int count) {
    events.subList(0, count).clear();
    first += count;
  }

  void note(ClusterEvent event) {
    if (!since.isEmpty()) {
      if (events.size() == REMEMBERED) {
        forget(REMEMBERED / 2);
      }
      events.add(event);
    }
  }

  /// Whether something has happened since a Pod was taken that may help it.
  boolean helped(QueuedPod queued, Predicate<ClusterEvent> mayHelp) {
    Long from = since.get(queued);
    if (from == null) {
      return false;
    }
    return from < first
        || queued.own.stream().anyMatch(mayHelp)
        || events.subList((int) (from - first), events.size()).stream().anyMatch(mayHelp);
  }

  /// How many events there are, by their names, and how many Pods, as `PodPopped`.
  Map<String, Integer> amounts() {
    Map<String, Integer> amounts = new TreeMap<>();
    amounts.put("PodPopped", since.size());
    long from = since.isEmpty() ? first + events.size() : since.values().iterator().next();
    events
        .subList((int) Math.max(0, from - first), events.size())
        .forEach(event -> amounts.merge(event.label(), 1, Integer::sum));
    return amounts;
  }
}
