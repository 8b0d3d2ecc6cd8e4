package dev.tiphys.storage.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The machine that this process runs on.
public final class ThisMachine implements Machine {

  private static final String SEARCH_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /// The first of these programs that is not installed; empty if all are.
  public static String missing(List<String> programs) {
    return programs.stream().filter(name -> !isInstalled(name)).findFirst().orElse("");
  }

  /// Whether there is such a program.
  public static boolean isInstalled(String program) {
    return List.of(SEARCH_PATH.split(":")).stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  @Override
  public String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", SEARCH_PATH);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(
          "%s failed with %d: %s".formatted(String.join(" ", command), code, output.strip()));
    }
    return output;
  }

  @Override
  public void makeDirectory(Path directory) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  @Override
  public void write(Path file, byte[] content) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    sync(file.resolveSibling("."));
  }

  /// Has the names in a directory survive a crash.
  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void grow(Path file, long size) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      if (opened.length() < size) {
        opened.setLength(size);
        opened.getFD().sync();
      }
    }
  }

  @Override
  public void remove(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      sync(file.resolveSibling("."));
    }
  }

  @Override
  public void removeTree(Path directory) throws IOException {
    Trees.delete(directory);
  }

  @Override
  public void limit(Path directory, int project, long bytes) throws IOException {
    ProjectQuota.limit(directory, project, bytes);
  }
}
