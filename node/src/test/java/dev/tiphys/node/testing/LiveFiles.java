package dev.tiphys.node.testing;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Looks for files where others make and remove them meanwhile: what is gone when it is to be
/// visited is left out. `Files.find` fails then.
public final class LiveFiles {

  private LiveFiles() {}

  /// The files and directories below `top`, down to so many levels, that are as they should be.
  public static List<Path> find(Path top, int levels, Predicate<Path> condition)
      throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        top,
        EnumSet.noneOf(FileVisitOption.class),
        levels,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return note(directory);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return note(file);
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
          }

          private FileVisitResult note(Path path) {
            if (condition.test(path)) {
              found.add(path);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
