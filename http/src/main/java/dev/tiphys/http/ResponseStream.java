package dev.tiphys.http;

import java.io.IOException;

/// An answer that is sent piece by piece.
///
/// Threads: any.
public interface ResponseStream extends AutoCloseable {

  /// Sends a piece without waiting. Returns false if the stream has ended, or if the client is so
  /// far behind that he had better be cut off.
  ///
  /// @param piece not copied: it must not change any more
  boolean offer(byte[] piece);

  /// Sends a piece; waits while the client is behind.
  ///
  /// @throws IOException if the stream has ended
  void write(byte[] piece) throws IOException, InterruptedException;

  /// Calls `action` when the stream has ended, whoever ended it; at once if it has already.
  void onEnd(Runnable action);

  /// Ends the answer in good order, after what was sent before.
  @Override
  void close();

  /// Breaks the answer off, so that the client sees that it is not complete.
  void abort();
}
