package dev.tiphys.apiserver.audit;

import dev.tiphys.world.Gate;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Takes events without making anything wait, and hands them on in batches. What comes while there
/// is no more room is lost.
///
/// Threads: any.
public final class BufferedBackend implements Backend {

  private static final String PLUGIN = "buffered";

  private final World world;
  private final Backend backend;
  private final Batching batching;
  private final AuditMetrics metrics;
  private final Throttle throttle;
  private final Gate news;
  private final Task task;
  private final Object lock = new Object();
  private final Deque<AuditEvent> waiting = new ArrayDeque<>(); // guarded by lock
  private final List<Task> sending = new ArrayList<>(); // the worker's
  private boolean closed; // guarded by lock

  /// How events are put together.
  ///
  /// @param room how many may wait
  /// @param most how many a batch has at most
  /// @param patience how long a batch waits for more; does not count if one has only one event
  /// @param rate how many batches there are in a second at most; 0 for any number
  /// @param burst how many there may be at once
  /// @param apart whether the next batch does not wait until this one is taken
  public record Batching(
      int room, int most, Duration patience, double rate, int burst, boolean apart) {}

  /// @param backend that takes the batches; closed with this one
  public BufferedBackend(World world, Backend backend, Batching batching, AuditMetrics metrics) {
    this.world = world.background();
    this.backend = backend;
    this.batching = batching;
    this.metrics = metrics;
    this.throttle = new Throttle(world, batching.rate, batching.burst);
    this.news = this.world.gate();
    this.task = this.world.start("audit-batches", this::run);
  }

  @Override
  public boolean process(List<AuditEvent> events) {
    int taken = 0;
    boolean open;
    synchronized (lock) {
      open = !closed;
      while (open && taken < events.size() && waiting.size() < batching.room) {
        waiting.add(events.get(taken++));
      }
    }
    news.open();
    if (taken < events.size()) {
      metrics.lost(
          PLUGIN,
          open ? "audit buffer queue blocked" : "audit backend shut down",
          events.subList(taken, events.size()));
    }
    return true;
  }

  private void run() {
    try {
      boolean goesOn = true;
      while (goesOn) {
        List<AuditEvent> batch = collect();
        send(batch);
        synchronized (lock) {
          goesOn = !closed || !waiting.isEmpty();
        }
      }
      for (Task each : sending) {
        each.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// As many events as a batch has, or what came until it was time.
  private List<AuditEvent> collect() throws InterruptedException {
    List<AuditEvent> batch = new ArrayList<>();
    long end = world.nanoTime() + batching.patience.toNanos();
    while (true) {
      synchronized (lock) {
        while (batch.size() < batching.most && !waiting.isEmpty()) {
          batch.add(waiting.remove());
        }
        if (batch.size() == batching.most || closed) {
          return batch;
        }
      }
      if (batching.most == 1) {
        news.await();
      } else {
        long left = end - world.nanoTime();
        if (left <= 0) {
          return batch;
        }
        news.await(Duration.ofNanos(left));
      }
    }
  }

  private void send(List<AuditEvent> batch) throws InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    throttle.await();
    if (batching.apart) {
      sending.removeIf(Task::done);
      sending.add(world.start("audit-batch", () -> backend.process(batch)));
    } else {
      backend.process(batch);
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
    news.open();
    try {
      task.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    backend.close();
  }
}
