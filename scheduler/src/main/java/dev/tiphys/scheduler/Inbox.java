package dev.tiphys.scheduler;

import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;

/// What others want done on the scheduling task, in the order they came.
///
/// Threads: any posts, the scheduling task takes.
final class Inbox {

  private final Gate gate;
  private final Object lock = new Object();
  private List<Runnable> waiting = new ArrayList<>();

  Inbox(World world) {
    this.gate = world.gate();
  }

  void post(Runnable change) {
    synchronized (lock) {
      waiting.add(change);
    }
    gate.open();
  }

  /// Makes the task look around, though nothing was posted.
  void wake() {
    gate.open();
  }

  /// Does what was posted. Returns whether there was anything.
  boolean drain() {
    List<Runnable> taken;
    synchronized (lock) {
      if (waiting.isEmpty()) {
        return false;
      }
      taken = waiting;
      waiting = new ArrayList<>();
    }
    taken.forEach(Runnable::run);
    return true;
  }

  /// Waits until something is posted.
  void await() throws InterruptedException {
    gate.await();
  }
}
