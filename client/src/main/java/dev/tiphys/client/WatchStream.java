package dev.tiphys.client;

import org.jspecify.annotations.Nullable;

/// A running watch, read event by event.
///
/// Threads: one reads; any may close.
public interface WatchStream extends AutoCloseable {

  /// The next event; waits for it. Null when the server ended the watch, or it was closed.
  @Nullable WatchEvent next() throws InterruptedException;

  @Override
  void close();
}
