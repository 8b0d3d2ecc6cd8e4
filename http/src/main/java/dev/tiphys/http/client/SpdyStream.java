package dev.tiphys.http.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;

/// One stream of a SPDY connection.
///
/// Threads: one reads, one writes.
public final class SpdyStream {

  private static final int MOST_HELD = 1 << 20;

  private final SpdyClient connection;
  private final int id;
  private final Object lock = new Object();
  private final Queue<byte[]> received = new ArrayDeque<>();
  private int held;
  private boolean accepted;
  private boolean ended;

  SpdyStream(SpdyClient connection, int id) {
    this.connection = connection;
    this.id = id;
  }

  void accepted() {
    synchronized (lock) {
      accepted = true;
      lock.notifyAll();
    }
  }

  /// Takes bytes that came; waits while too many are held. The other end is held up in turn, and
  /// the other streams with it: SPDY's own windows are not spoken by those who use it.
  void received(byte[] bytes, boolean last) throws IOException {
    synchronized (lock) {
      awaitRoom();
      if (bytes.length > 0 && !ended) {
        received.add(bytes);
        held += bytes.length;
      }
      ended |= last;
      lock.notifyAll();
    }
  }

  void ended() {
    synchronized (lock) {
      ended = true;
      lock.notifyAll();
    }
  }

  private void awaitRoom() throws IOException {
    try {
      synchronized (lock) {
        while (held > MOST_HELD && !ended) {
          lock.wait();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  void awaitAccepted() throws IOException, InterruptedException {
    synchronized (lock) {
      while (!accepted && !ended) {
        lock.wait();
      }
      if (!accepted) {
        throw new IOException("the other end did not take the stream");
      }
    }
  }

  /// The next bytes that came; waits for them. Empty at the stream's end.
  public byte[] next() throws InterruptedException {
    synchronized (lock) {
      while (received.isEmpty() && !ended) {
        lock.wait();
      }
      byte[] bytes = received.poll();
      if (bytes == null) {
        return new byte[0];
      }
      held -= bytes.length;
      lock.notifyAll();
      return bytes;
    }
  }

  /// All bytes up to the stream's end.
  public byte[] readAll() throws InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] bytes = next(); bytes.length > 0; bytes = next()) {
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  public void write(byte[] bytes, int offset, int length) throws IOException {
    connection.write(id, bytes, offset, length, false);
  }

  /// Ends this stream's own direction; what comes can still be read.
  public void finish() throws IOException {
    connection.write(id, new byte[0], 0, 0, true);
  }

  /// Gives the stream up.
  public void reset() throws IOException {
    connection.reset(id);
    ended();
  }
}
