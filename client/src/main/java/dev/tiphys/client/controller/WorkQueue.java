package dev.tiphys.client.controller;

import dev.tiphys.client.Cause;
import dev.tiphys.world.Gate;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keys of objects that need a look.
///
/// A key that is added several times before it is taken is handed out once. While a worker has it,
/// no other gets it: what is added meanwhile is handed out after [#done].
///
/// Threads: any.
///
/// @param <K> what tells the objects apart; an immutable value
public final class WorkQueue<K> {

  private final World world;
  private final RetryPolicy policy;
  private final QueueCounts counts;
  private final Gate gate;
  private final Object lock = new Object();
  private final Queue<K> ready = new ArrayDeque<>();
  private final Map<K, Long> dirty = new HashMap<>();
  private final Set<K> taken = new HashSet<>();
  private final Map<K, Integer> failures = new HashMap<>();
  private final Map<K, Delayed> delayed = new HashMap<>();
  private final Map<K, Delayed> asked = new HashMap<>(); // by the last look at the key
  private long bucketFull; // when all free retries are there again, by the world's nanoTime
  private boolean closed;

  /// A key and the newest revision it was added for.
  public record Item<K>(K key, long cause) {}

  private record Delayed(long due, Timer timer) {}

  /// @param name what its metrics call it, where there are any ([QueueMetrics])
  public WorkQueue(String name, World world, RetryPolicy policy) {
    this.world = world;
    this.counts = QueueMetrics.of(name);
    this.policy = policy;
    this.bucketFull = world.nanoTime();
    this.gate = world.gate();
  }

  /// Adds a key.
  ///
  /// @param cause the revision that made it need a look, or 0
  public void add(K key, long cause) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      boolean queued = dirty.containsKey(key);
      dirty.merge(key, cause, Math::max);
      if (!queued) {
        counts.added(this, key);
      }
      if (queued || taken.contains(key)) {
        return;
      }
      ready.add(key);
    }
    gate.open();
  }

  /// Adds a key after a while. Of several such calls the one that is due first counts.
  public void addAfter(K key, Duration delay) {
    addAfter(key, delay, delayed);
  }

  /// Adds a key after a while, as the look at it that ends now asks for. A look that begins before
  /// then makes that pointless: it says itself what comes next.
  public void lookAgain(K key, Duration delay) {
    addAfter(key, delay, asked);
  }

  private void addAfter(K key, Duration delay, Map<K, Delayed> timers) {
    counts.retried();
    if (delay.isNegative() || delay.isZero()) {
      add(key, Cause.revision());
      return;
    }
    long cause = Cause.revision();
    synchronized (lock) {
      long due = world.nanoTime() + delay.toNanos();
      Delayed waiting = timers.get(key);
      if (closed || (waiting != null && waiting.due <= due)) {
        return;
      }
      if (waiting != null) {
        waiting.timer.cancel();
      }
      timers.put(key, new Delayed(due, world.schedule(delay, () -> due(key, cause, timers))));
    }
  }

  private void due(K key, long cause, Map<K, Delayed> timers) {
    synchronized (lock) {
      timers.remove(key);
    }
    add(key, cause);
  }

  /// Adds a key that failed, after as long as the policy says, unless it is looked at before.
  public void addBackingOff(K key) {
    Duration delay;
    synchronized (lock) {
      Duration own = policy.delay(failures.merge(key, 1, Integer::sum));
      Duration shared = takeFromBucket();
      delay = own.compareTo(shared) > 0 ? own : shared;
    }
    lookAgain(key, delay);
  }

  /// Takes a retry out of those that all keys share. Returns how long it is until there is one.
  private Duration takeFromBucket() {
    long now = world.nanoTime();
    long each = Duration.ofSeconds(1).dividedBy(policy.perSecond()).toNanos();
    bucketFull = Math.max(bucketFull, now) + each;
    long missing = bucketFull - now - each * policy.burst();
    return missing > 0 ? Duration.ofNanos(missing) : Duration.ZERO;
  }

  /// How often a key has failed since it was forgotten.
  public int failures(K key) {
    synchronized (lock) {
      return failures.getOrDefault(key, 0);
    }
  }

  /// Ends the back-off of a key.
  public void forget(K key) {
    synchronized (lock) {
      failures.remove(key);
    }
  }

  /// The next key; waits for one. It must be given back with [#done]. Null once the queue is
  /// closed.
  public @Nullable Item<K> take() throws InterruptedException {
    while (true) {
      synchronized (lock) {
        if (closed) {
          gate.open();
          return null;
        }
        K key = ready.poll();
        if (key != null) {
          if (!ready.isEmpty()) {
            gate.open();
          }
          taken.add(key);
          Delayed again = asked.remove(key);
          if (again != null) {
            again.timer.cancel();
          }
          counts.taken(this, key);
          Long cause = dirty.remove(key);
          return new Item<>(key, cause == null ? 0 : cause);
        }
      }
      gate.await();
    }
  }

  /// Gives a taken key back.
  public void done(K key) {
    synchronized (lock) {
      taken.remove(key);
      counts.done(this, key);
      if (!dirty.containsKey(key)) {
        return;
      }
      ready.add(key);
    }
    gate.open();
  }

  /// How many keys wait to be taken.
  public int size() {
    synchronized (lock) {
      return ready.size();
    }
  }

  /// Drops what is queued, and lets every worker that waits go.
  public void close() {
    synchronized (lock) {
      closed = true;
      counts.closed(this);
      for (Map<K, Delayed> timers : List.of(delayed, asked)) {
        timers.values().forEach(waiting -> waiting.timer.cancel());
        timers.clear();
      }
    }
    gate.open();
  }
}
