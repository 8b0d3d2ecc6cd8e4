package dev.tiphys.monitoring.server;

import dev.tiphys.monitoring.config.Rendered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// The files of a server's configuration, which only their owner can read. A next configuration
/// stands beside the one in use until it is taken: what that names stays until then.
///
/// A group that is let into the directory can read what is made in it: that of the user that the
/// server runs as.
///
/// Threads: one at a time.
///
/// @param directory of the server
public record ConfigurationFiles(Path directory) {

  /// The main file, seen from the directory.
  public static final String MAIN = "config.yaml";

  private static final String NEXT = "config.next.yaml";
  private static final List<String> FOLDERS = List.of("secrets", "rules");

  /// Writes a configuration beside the one in use. Returns its main file.
  public Path prepare(Rendered rendered) {
    try {
      for (String each : FOLDERS) {
        makePrivate(directory.resolve(each));
      }
      for (var file : rendered.files().entrySet()) {
        if (!Files.exists(file.getKey())) { // it is named after its content
          write(file.getKey(), file.getValue());
        }
      }
      Path next = directory.resolve(NEXT);
      write(next, rendered.text().getBytes(StandardCharsets.UTF_8));
      return next;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes the configuration that was prepared.
  public void take() {
    try {
      Files.move(
          directory.resolve(NEXT),
          directory.resolve(MAIN),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Removes what the configuration in use does not name.
  public void purge(Set<Path> named) {
    try {
      for (String each : FOLDERS) {
        try (Stream<Path> files = Files.list(directory.resolve(each))) {
          for (Path file : files.filter(one -> !named.contains(one)).toList()) {
            Files.delete(file);
          }
        }
      }
      Files.deleteIfExists(directory.resolve(NEXT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes a directory that only its owner can enter, if it is not there.
  public static void makePrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      shareAsAbove(directory);
    }
  }

  /// Writes a file that only its owner can read, in one step.
  public static void write(Path file, byte[] content) throws IOException {
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(written);
    Files.createFile(
        written,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(written, content);
    shareAsAbove(written);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Lets a group in that is let into the directory above.
  private static void shareAsAbove(Path file) throws IOException {
    PosixFileAttributes above =
        Files.readAttributes(Objects.requireNonNull(file.getParent()), PosixFileAttributes.class);
    if (above.permissions().contains(PosixFilePermission.GROUP_EXECUTE)) {
      Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(above.group());
      Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
      permissions.add(PosixFilePermission.GROUP_READ);
      if (Files.isDirectory(file)) {
        permissions.add(PosixFilePermission.GROUP_EXECUTE);
      }
      Files.setPosixFilePermissions(file, permissions);
    }
  }
}
