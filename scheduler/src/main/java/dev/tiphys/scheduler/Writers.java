package dev.tiphys.scheduler;

import dev.tiphys.client.Cause;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

/// Tasks that write to the API, so that the scheduling task does not wait for a disk.
///
/// Order: writes about one Pod are done one after the other, as they were asked for.
///
/// Threads: any.
final class Writers implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Writers.class.getName());

  /// With more writes waiting than this, a Pod of higher priority would wait too long for its own.
  private static final int CROWDED = 1_024;

  private final List<Writer> writers = new ArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Runnable onRelief;

  /// @param onRelief called, on any task, when it is no longer [#crowded], and when nothing waits
  ///   any more
  Writers(World world, String name, int count, Runnable onRelief) {
    this.onRelief = onRelief;
    for (int i = 0; i < count; i++) {
      writers.add(new Writer(world, name + "-" + i));
    }
  }

  /// Has something written about a Pod, as a reaction to the state it is known in.
  void write(PodInfo pod, Runnable write) {
    waiting.incrementAndGet();
    writers.get(Math.floorMod(pod.uid().hashCode(), writers.size())).add(pod.revision(), write);
  }

  /// Whether so much waits to be written that it is better to wait.
  boolean crowded() {
    return waiting.get() >= CROWDED;
  }

  /// Whether something waits to be written.
  boolean busy() {
    return waiting.get() > 0;
  }

  /// Ends the tasks, and waits until they have ended; what waits is not written.
  @Override
  public void close() {
    SupervisedTask.closeAll(writers.stream().map(writer -> writer.task).toList());
  }

  private final class Writer {
    private final Gate gate;
    private final Queue<Write> queue = new ArrayDeque<>();
    private final SupervisedTask task;

    Writer(World world, String name) {
      this.gate = world.gate();
      this.task = world.supervisor().task(name, OnFailure.RESTART);
      task.start(this::run);
    }

    void add(long cause, Runnable action) {
      synchronized (queue) {
        queue.add(new Write(cause, action));
      }
      gate.open();
    }

    private void run() throws InterruptedException {
      while (true) {
        Write next;
        synchronized (queue) {
          next = queue.poll();
        }
        if (next == null) {
          gate.await();
        } else {
          int left = waiting.decrementAndGet();
          if (left == CROWDED - 1 || left == 0) {
            onRelief.run();
          }
          run(next);
        }
      }
    }

    /// Whatever goes wrong with one write, the next one is done.
    private void run(Write next) {
      try {
        Cause.during(next.cause, next.action);
      } catch (ApiException e) {
        LOG.log(Level.WARNING, "a write failed: error=" + e.message());
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a write failed", e);
      }
    }
  }

  private record Write(long cause, Runnable action) {}
}
