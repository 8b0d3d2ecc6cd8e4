package dev.tiphys.store.embedded.disk;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/// Keeps a directory for one store. Goes away with its process, however that ends.
public final class DirectoryLock implements Closeable {

  private static final String NAME = "lock";

  /// The directories that this process holds. The operating system's lock is not asked about them:
  /// it is lost when any other handle to the same file is closed in the same process.
  private static final Set<Path> HELD = new HashSet<>();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /// @throws StoreException `IN_USE` if another store has the directory
  public static DirectoryLock take(Path directory) throws IOException {
    Path real = directory.toRealPath();
    synchronized (HELD) {
      if (!HELD.add(real)) {
        throw inUse(real, "this process");
      }
      try {
        return lock(real);
      } catch (IOException | RuntimeException e) {
        HELD.remove(real);
        throw e;
      }
    }
  }

  private static DirectoryLock lock(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        String holder = Files.readString(file).strip();
        throw inUse(directory, holder.isEmpty() ? "another process" : "process " + holder);
      }
      String pid = ProcessHandle.current().pid() + "\n";
      channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
      return new DirectoryLock(directory, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static StoreException inUse(Path directory, String holder) {
    return new StoreException(
        Reason.IN_USE,
        "%s is used by %s; stop that first, or use another directory".formatted(directory, holder));
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      HELD.remove(directory);
      channel.close();
    }
  }
}
