package dev.tiphys.store.replica;

import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/// Where tasks wait for a condition that another task brings about.
///
/// Threads: any.
final class Awaiting {

  private final World world;
  private final Set<Gate> waiting = ConcurrentHashMap.newKeySet();

  Awaiting(World world) {
    this.world = world;
  }

  /// Waits until `condition` holds. Returns whether it did, within `limit`.
  boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
    if (condition.getAsBoolean()) {
      return true;
    }
    long deadline = world.nanoTime() + limit.toNanos();
    Gate gate = world.gate();
    waiting.add(gate);
    try {
      while (!condition.getAsBoolean()) {
        long left = deadline - world.nanoTime();
        if (left <= 0) {
          return false;
        }
        gate.await(Duration.ofNanos(left));
      }
      return true;
    } finally {
      waiting.remove(gate);
    }
  }

  /// The condition may hold now.
  void wake() {
    if (!waiting.isEmpty()) {
      waiting.forEach(Gate::open);
    }
  }
}
