package dev.tiphys.cli.roles;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// What a process has started, to be ended in the opposite order.
///
/// Threads: one adds; any may close.
public final class Closeables implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Closeables.class.getName());

  private final List<AutoCloseable> running = new ArrayList<>();

  /// From now on, the end of the process is their end, however it comes about.
  public Closeables() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "shutdown"));
  }

  public synchronized <T extends AutoCloseable> T add(T started) {
    running.addFirst(started);
    return started;
  }

  /// Waits until the process is told to end.
  public void awaitEnd() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  /// Ends all of them, the last one first. What one of them throws does not keep the others.
  @Override
  public synchronized void close() {
    if (!running.isEmpty()) {
      LOG.log(Level.INFO, "stopping");
    }
    for (AutoCloseable each : running) {
      try {
        each.close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "closing failed: " + each.getClass().getSimpleName(), e);
      }
    }
    running.clear();
  }
}
