package dev.tiphys.http.server;

import io.netty.util.concurrent.EventExecutor;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// What is to be written on one connection. All that comes while the event loop is busy is written
/// in one go, and flushed once.
///
/// Threads: any puts; the connection's event loop writes.
final class Outbox {

  private final EventExecutor loop;
  private final Runnable flush;
  private final Queue<Runnable> writes = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /// @param loop the connection's event loop
  /// @param flush sends what was written
  Outbox(EventExecutor loop, Runnable flush) {
    this.loop = loop;
    this.flush = flush;
  }

  /// Has `write` run on the event loop, after what was put before.
  void put(Runnable write) {
    writes.add(write);
    if (scheduled.compareAndSet(false, true)) {
      loop.execute(this::drain);
    }
  }

  private void drain() {
    scheduled.set(false);
    boolean wrote = false;
    for (Runnable write = writes.poll(); write != null; write = writes.poll()) {
      write.run();
      wrote = true;
    }
    if (wrote) {
      flush.run();
    }
  }
}
