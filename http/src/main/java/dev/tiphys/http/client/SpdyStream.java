package dev.tiphys.http.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/// One stream of a SPDY connection.
///
/// Threads: one reads, one writes.
public final class SpdyStream {

  private final SpdyClient connection;
  private final int id;
  private final Object lock = new Object();
  private final Queue<byte[]> received = new ArrayDeque<>();
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

  void received(byte[] bytes, boolean last) {
    synchronized (lock) {
      if (bytes.length > 0) {
        received.add(bytes);
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
      return bytes == null ? new byte[0] : bytes;
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
