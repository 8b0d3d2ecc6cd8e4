package dev.tiphys.apiserver.request;

import java.util.concurrent.atomic.AtomicBoolean;

/// A request's turn: it is served until this is closed.
///
/// Threads: any.
public final class Turn implements AutoCloseable {

  /// Of a request that takes no seat.
  public static final Turn FREE = new Turn(() -> {});

  private final Runnable release;
  private final AtomicBoolean released = new AtomicBoolean();
  private volatile boolean kept;

  /// @param release gives back what the request holds
  public Turn(Runnable release) {
    this.release = release;
  }

  /// Takes the seats over from whatever serves the request: they are given back by [#release].
  public Turn keep() {
    kept = true;
    return this;
  }

  /// Gives the seats back.
  public void release() {
    if (released.compareAndSet(false, true)) {
      release.run();
    }
  }

  /// The request has been served. Gives the seats back, unless they were taken over.
  @Override
  public void close() {
    if (!kept) {
      release();
    }
  }
}
