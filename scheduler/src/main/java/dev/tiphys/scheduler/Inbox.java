package dev.tiphys.scheduler;

import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/// What is to be done on the scheduling task, in the order it came. What fails does not keep the
/// rest from being done.
///
/// Threads: any posts, the scheduling task takes.
final class Inbox {

  private static final System.Logger LOG = System.getLogger(Inbox.class.getName());

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
    taken.forEach(Inbox::attempt);
    return true;
  }

  private static void attempt(Runnable change) {
    try {
      change.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a change of the cluster was not taken note of", e);
    }
  }

  /// Waits until something is posted.
  void await() throws InterruptedException {
    gate.await();
  }
}
