package dev.tiphys.cli;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// What a process has started, to be ended in the opposite order.
///
/// Threads: one adds; any may close.
final class Parts implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Parts.class.getName());

  private final List<AutoCloseable> parts = new ArrayList<>();

  /// From now on, the end of the process is the end of the parts, however it comes about.
  Parts() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "shutdown"));
  }

  synchronized <T extends AutoCloseable> T add(T part) {
    parts.addFirst(part);
    return part;
  }

  /// Waits until the process is told to end.
  void awaitEnd() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  /// Ends every part, the last one first. What one of them throws does not keep the others.
  @Override
  public synchronized void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "closing failed: " + part.getClass().getSimpleName(), e);
      }
    }
    parts.clear();
  }
}
