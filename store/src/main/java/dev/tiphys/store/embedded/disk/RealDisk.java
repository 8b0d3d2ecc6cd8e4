package dev.tiphys.store.embedded.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/// A directory of the operating system.
public record RealDisk(Path directory) implements Disk {

  /// The directory `directory`, which is made if it does not exist.
  public static RealDisk at(Path directory) throws IOException {
    make(directory.toAbsolutePath());
    return new RealDisk(directory);
  }

  private static void make(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null && !Files.isDirectory(directory)) {
      make(parent);
      Files.createDirectory(directory);
      new RealDisk(parent).syncNames();
    }
  }

  @Override
  public List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public DiskFile create(String name) throws IOException {
    return new RealFile(
        FileChannel.open(
            directory.resolve(name),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new RealFile(
        FileChannel.open(
            directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void syncNames() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long size() throws IOException {
    long size = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        size += Files.readAttributes(file, BasicFileAttributes.class).size();
      }
    } catch (NoSuchFileException e) { // deleted while being looked at
      return size();
    }
    return size;
  }

  @Override
  public long room() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  @Override
  public String path(String name) {
    return directory.resolve(name).toString();
  }

  private record RealFile(FileChannel channel) implements DiskFile {

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void read(ByteBuffer into, long position) throws IOException {
      long at = position;
      while (into.hasRemaining()) {
        int count = channel.read(into, at);
        if (count < 0) {
          return;
        }
        at += count;
      }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      long at = position;
      try {
        while (from.hasRemaining()) {
          at += channel.write(from, at);
        }
      } catch (IOException e) {
        throw isFull(e) ? full(e) : e;
      }
    }

    /// Also flushes what is needed to find the bytes again, such as the file's new size.
    @Override
    public void sync() throws IOException {
      try {
        channel.force(false);
      } catch (IOException e) {
        throw isFull(e) ? full(e) : e;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }

    /// The JDK tells the two errors ENOSPC and EDQUOT only by their texts.
    private static boolean isFull(IOException e) {
      String message = String.valueOf(e.getMessage());
      return message.contains("No space left") || message.contains("quota exceeded");
    }

    private static DiskFullException full(IOException e) {
      DiskFullException full = new DiskFullException(String.valueOf(e.getMessage()));
      full.initCause(e);
      return full;
    }
  }
}
