package dev.tiphys.http;

import java.io.IOException;

/// An answer that is sent piece by piece.
///
/// A writer chooses how to keep pace with the client, over HTTP/1.1, HTTP/2 (where each stream has
/// a window of its own) and WebSockets alike:
/// - one that may block calls [#write], which waits while too much is unsent;
/// - one that must not block calls [#offer] for as long as [#isWritable] is true, and goes on when
///   it is called back by [#onWritable].
///
/// Threads: any calls; one at a time writes.
public interface ResponseStream extends AutoCloseable {

  /// Whether less is unsent than the high-water mark (256 KiB). False once the stream has ended.
  ///
  /// Whenever this returns false before the end, the action of [#onWritable] runs after the client
  /// has read enough.
  boolean isWritable();

  /// Has `action` run each time that the stream becomes writable again after [#isWritable] returned
  /// false: when less than the low-water mark (64 KiB) is unsent. Replaces an earlier action.
  ///
  /// @param action runs on the connection's event loop, so it must not wait; it may call [#offer]
  void onWritable(Runnable action);

  /// Sends a piece without waiting. Returns false, and sends nothing, if the stream has ended or
  /// more than 4 MiB is unsent.
  ///
  /// @param piece not copied: it must not change any more
  boolean offer(byte[] piece);

  /// Sends a piece; waits while the stream is not writable.
  ///
  /// @throws IOException if the stream has ended, or is broken off now since the client has read
  ///   nothing for a minute
  void write(byte[] piece) throws IOException, InterruptedException;

  /// Calls `action` when the stream has ended, on whichever side; at once if it has already.
  void onEnd(Runnable action);

  /// Ends the answer in good order, after what was sent before.
  @Override
  void close();

  /// Breaks the answer off, so that the client sees that it is not complete.
  void abort();
}
