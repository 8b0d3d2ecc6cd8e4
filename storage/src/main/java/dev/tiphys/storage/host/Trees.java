package dev.tiphys.storage.host;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Directories with all that is below them.
public final class Trees {

  private Trees() {}

  /// Deletes a tree, if it is there. Links are deleted, never followed; mounts are never crossed.
  ///
  /// @throws IOException if something is mounted on it or below: then nothing was deleted
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Mount> mounts = Mount.atOrBelow(directory.toRealPath(LinkOption.NOFOLLOW_LINKS));
    if (!mounts.isEmpty()) {
      throw new IOException(mounts.getFirst().point() + " is mounted");
    }
    Object device = device(directory);
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes attributes)
              throws IOException {
            if (!device(entered).equals(device)) { // mounted meanwhile
              throw new IOException(entered + " is mounted");
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// Deletes a tree that is where its path says: not what a link on the way there leads to, which
  /// others may have made.
  public static void deleteInPlace(Path path) throws IOException {
    Path parent = path.toAbsolutePath().normalize().getParent();
    if (parent == null || !Files.exists(parent)) {
      return;
    }
    if (!parent.toRealPath().equals(parent)) {
      throw new IOException("%s is reached through a link".formatted(path));
    }
    delete(path);
  }

  private static Object device(Path path) throws IOException {
    return Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS);
  }
}
