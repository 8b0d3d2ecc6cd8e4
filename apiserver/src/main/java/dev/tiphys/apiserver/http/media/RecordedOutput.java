package dev.tiphys.apiserver.http.media;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;

/// An answer that is sent while it is made, and kept for the audit log.
final class RecordedOutput extends FilterOutputStream {

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final Consumer<byte[]> whole;

  /// @param whole given everything once it is complete
  RecordedOutput(OutputStream out, Consumer<byte[]> whole) {
    super(out);
    this.whole = whole;
  }

  @Override
  public void write(int single) throws IOException {
    out.write(single);
    kept.write(single);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    kept.write(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    whole.accept(kept.toByteArray());
    super.close();
  }
}
