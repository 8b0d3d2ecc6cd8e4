package dev.tiphys.apiserver.http.media;

import dev.tiphys.http.ResponseStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;

/// A response's stream for writers of bytes. Writing waits while the client is behind.
///
/// Threads: one.
public final class StreamOutput extends OutputStream {

  private final ResponseStream stream;

  public StreamOutput(ResponseStream stream) {
    this.stream = stream;
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      stream.write(Arrays.copyOfRange(bytes, offset, offset + length));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the client is behind");
    }
  }

  @Override
  public void close() {
    stream.close();
  }
}
