package dev.tiphys.world;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Lets one task at a time do something with one thing. Those that wait get their turn in the order
/// they came.
///
/// Threads: any.
public final class KeyedLock {
  private final World world;
  private final Map<String, Deque<Gate>> waiting = new HashMap<>();

  public KeyedLock(World world) {
    this.world = world.background();
  }

  /// A turn that was taken; closing it is the next one's.
  public interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /// Waits until it is the turn of the caller.
  public Turn take(String key) throws InterruptedException {
    Gate gate;
    synchronized (waiting) {
      Deque<Gate> others = waiting.get(key);
      if (others == null) {
        waiting.put(key, new ArrayDeque<>());
        return () -> pass(key);
      }
      gate = world.gate();
      others.add(gate);
    }
    try {
      gate.await();
    } catch (InterruptedException e) {
      boolean still;
      synchronized (waiting) {
        Deque<Gate> others = waiting.get(key);
        still = others != null && others.remove(gate);
      }
      if (!still) {
        pass(key); // The turn came with the interrupt.
      }
      throw e;
    }
    return () -> pass(key);
  }

  private void pass(String key) {
    synchronized (waiting) {
      Gate next = waiting.getOrDefault(key, new ArrayDeque<>()).poll();
      if (next == null) {
        waiting.remove(key);
      } else {
        next.open();
      }
    }
  }
}
