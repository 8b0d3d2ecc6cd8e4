package dev.tiphys.node.logs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A log file that was opened, and which file it was.
record LogFile(FileChannel channel, @Nullable Object key) implements AutoCloseable {

  static LogFile open(Path path) throws IOException {
    while (true) {
      Object key = key(path);
      FileChannel channel = FileChannel.open(path);
      if (Objects.equals(key, key(path))) {
        return new LogFile(channel, key);
      }
      channel.close(); // rotated in this very moment: which of the two was opened is not known
    }
  }

  /// Whether another file has this path now. In the moment in which none has it, it is not replaced
  /// yet.
  boolean replaced(Path path) throws IOException {
    try {
      return !Objects.equals(key, key(path));
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static @Nullable Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }
}
