package dev.tiphys.monitoring.state;

import dev.tiphys.http.ResponseStream;
import dev.tiphys.monitoring.state.families.ObjectSamples;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;

/// Sends many short runs of bytes in few pieces.
///
/// Threads: one.
final class Pieces implements ObjectSamples.Sink<IOException> {

  private static final int SIZE = 64 << 10;

  private final ResponseStream to;
  private byte[] piece = new byte[SIZE];
  private int filled;

  Pieces(ResponseStream to) {
    this.to = to;
  }

  @Override
  public void add(byte[] bytes, int from, int count) throws IOException {
    int at = from;
    int left = count;
    while (left > SIZE - filled) {
      int part = SIZE - filled;
      System.arraycopy(bytes, at, piece, filled, part);
      filled = SIZE;
      send();
      at += part;
      left -= part;
    }
    System.arraycopy(bytes, at, piece, filled, left);
    filled += left;
  }

  private void send() throws IOException {
    try {
      to.write(filled == SIZE ? piece : Arrays.copyOf(piece, filled));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the page is not complete");
    }
    piece = new byte[SIZE]; // the one before belongs to the connection now
    filled = 0;
  }

  /// Sends the last one.
  void end() throws IOException {
    if (filled > 0) {
      send();
    }
  }
}
