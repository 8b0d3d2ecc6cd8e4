package dev.tiphys.node.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Makes lines out of blocks.
final class LineSplitter {

  /// Runtimes cut lines at 16 KiB.
  private static final int LONGEST_LINE = 4 << 20;

  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  /// Hands on each line that ends in `block`, with its line feed, until the writer is full.
  void split(ByteBuffer block, LogWriter writer) throws IOException {
    byte[] bytes = block.array();
    int start = block.position();
    for (int i = start; i < block.limit() && !writer.full(); i++) {
      if (bytes[i] == '\n') {
        begun.write(bytes, start, i + 1 - start);
        writer.write(begun.toByteArray());
        begun.reset();
        start = i + 1;
      }
    }
    begun.write(bytes, start, block.limit() - start);
    if (begun.size() > LONGEST_LINE) {
      throw new IOException("not a log file: a line has more than " + LONGEST_LINE + " bytes");
    }
  }
}
