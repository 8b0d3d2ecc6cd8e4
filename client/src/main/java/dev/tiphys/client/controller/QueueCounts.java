package dev.tiphys.client.controller;

import dev.tiphys.world.World;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// What queues of one name have to do.
///
/// Threads: any.
final class QueueCounts {

  /// For queues that nothing is told of.
  static final QueueCounts NONE = new QueueCounts(null, () -> {}, () -> {}, _ -> {}, _ -> {});

  private final @Nullable World world;
  private final Runnable onAdd;
  private final Runnable onRetry;
  private final LongConsumer onWait;
  private final LongConsumer onWork;
  private final Map<Place, Long> added = new HashMap<>(); // guarded by itself, as is `taken`
  private final Map<Place, Long> taken = new HashMap<>();

  /// @param onWait is told how long a key waited, in nanoseconds
  /// @param onWork is told how long the work on a key took, in nanoseconds
  QueueCounts(
      @Nullable World world,
      Runnable onAdd,
      Runnable onRetry,
      LongConsumer onWait,
      LongConsumer onWork) {
    this.world = world;
    this.onAdd = onAdd;
    this.onRetry = onRetry;
    this.onWait = onWait;
    this.onWork = onWork;
  }

  /// A key of a queue: queues of one name may have equal ones.
  private record Place(Object queue, Object key) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Place place && place.queue == queue && place.key.equals(key);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(queue) + key.hashCode();
    }
  }

  void added(Object queue, Object key) {
    if (world == null) {
      return;
    }
    onAdd.run();
    synchronized (added) {
      added.putIfAbsent(new Place(queue, key), world.nanoTime());
    }
  }

  void retried() {
    onRetry.run();
  }

  void taken(Object queue, Object key) {
    if (world == null) {
      return;
    }
    Place place = new Place(queue, key);
    long now = world.nanoTime();
    Long since;
    synchronized (added) {
      since = added.remove(place);
      taken.put(place, now);
    }
    if (since != null) {
      onWait.accept(now - since);
    }
  }

  void done(Object queue, Object key) {
    if (world == null) {
      return;
    }
    Long since;
    synchronized (added) {
      since = taken.remove(new Place(queue, key));
    }
    if (since != null) {
      onWork.accept(world.nanoTime() - since);
    }
  }

  /// What waits in a queue is dropped.
  void closed(Object queue) {
    synchronized (added) {
      added.keySet().removeIf(place -> place.queue == queue);
    }
  }

  double depth() {
    synchronized (added) {
      return added.size();
    }
  }

  double unfinishedWork() {
    synchronized (added) {
      return taken.values().stream().mapToDouble(this::seconds).sum();
    }
  }

  double longestWork() {
    synchronized (added) {
      return taken.values().stream().mapToDouble(this::seconds).max().orElse(0);
    }
  }

  private double seconds(long since) {
    return world == null ? 0 : (world.nanoTime() - since) / 1e9;
  }
}
