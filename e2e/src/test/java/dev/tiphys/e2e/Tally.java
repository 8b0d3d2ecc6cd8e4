package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How often each of several things has happened, such as answers by their content.
///
/// Threads: any.
final class Tally {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Map<String, Long> counts = new TreeMap<>(); // guarded by this

  synchronized void add(String what) {
    counts.merge(what, 1L, Long::sum);
    notifyAll();
  }

  synchronized Map<String, Long> counts() {
    return new TreeMap<>(counts);
  }

  synchronized long count(String what) {
    return counts.getOrDefault(what, 0L);
  }

  synchronized long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Waits until there were so many of all kinds together.
  void awaitTotal(long wanted) throws InterruptedException {
    await(wanted + " altogether", this::total, wanted);
  }

  /// Waits until there were so many of a kind.
  void await(String what, long wanted) throws InterruptedException {
    await(wanted + " of " + what, () -> count(what), wanted);
  }

  private synchronized void await(String what, LongSupplier count, long wanted)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (count.getAsLong() < wanted) {
      long left = end - System.nanoTime();
      assertThat(left).as("%s, but there are %s", what, counts).isPositive();
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
