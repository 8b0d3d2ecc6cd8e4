package dev.tiphys.node.logs;

import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Reads the log of a container, from the file that is written now. What was rotated away before is
/// not part of it, as upstream has it.
///
/// Threads: any. Memory does not depend on the size of the log.
public final class LogReader {

  /// How often a log that is followed is looked at for more.
  private static final Duration STEP = Duration.ofMillis(100);

  private static final int BLOCK = 1 << 16;

  private final World world;

  public LogReader(World world) {
    this.world = world.background();
  }

  /// Reads the log to its end as it is now; if it is to be followed, waits there for more, and goes
  /// on with the next file when this one is rotated away.
  ///
  /// @param running whether the container may still write; asked at the end of the file
  /// @throws java.nio.file.NoSuchFileException if there is no such file
  /// @throws IOException if it cannot be read, or from the sink
  public void read(Path file, LogOptions options, BooleanSupplier running, LogSink sink)
      throws IOException, InterruptedException {
    LogWriter writer = new LogWriter(options, sink);
    LogFile open = LogFile.open(file);
    try {
      LineSplitter lines = new LineSplitter();
      long position = start(open.channel(), options.tail());
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      boolean last = false;
      while (!writer.full()) {
        int n = open.channel().read(block.clear(), position);
        if (n > 0) {
          position += n;
          lines.split(block.flip(), writer);
          continue;
        }
        sink.flush();
        if (!options.follow()) {
          return;
        }
        if (open.replaced(file)) {
          open.close();
          open = LogFile.open(file);
          position = 0;
        } else if (last) {
          return;
        } else if (running.getAsBoolean()) {
          world.sleep(STEP);
        } else {
          last = true; // what was written right before the end is read in one more round
        }
      }
      sink.flush();
    } finally {
      open.close();
    }
  }

  /// Where the last `lines` lines begin. Counts line feeds from the end, so a line that is being
  /// written comes on top.
  private static long start(FileChannel file, long lines) throws IOException {
    if (lines < 0) {
      return 0;
    }
    long left = lines;
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    for (long end = file.size(); end > 0; end -= BLOCK) {
      long begin = Math.max(0, end - BLOCK);
      block.clear().limit((int) (end - begin));
      while (block.hasRemaining() && file.read(block, begin + block.position()) >= 0) {
        // reads on until the block is full
      }
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n' && left-- == 0) {
          return begin + i + 1;
        }
      }
    }
    return 0;
  }
}
