package dev.tiphys.node.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Owners and modes of files.
final class FileTree {
  private static final int SETGID = 02000;

  private FileTree() {}

  static void mode(Path file, int mode) throws IOException {
    Files.setAttribute(file, "unix:mode", mode & 07777, LinkOption.NOFOLLOW_LINKS);
  }

  /// Makes a directory belong to a group, for Pods that have one for their files.
  ///
  /// @param group null for no such group
  static void shareDirectory(Path directory, @Nullable Long group) throws IOException {
    if (group != null) {
      own(directory, group);
      mode(directory, mode(directory) | SETGID | 0770);
    }
  }

  /// Makes a file readable by a group, for Pods that have one for their files.
  ///
  /// @param group null for no such group
  static void shareFile(Path file, @Nullable Long group) throws IOException {
    if (group != null) {
      own(file, group);
      mode(file, mode(file) | 0440);
    }
  }

  private static void own(Path file, long group) throws IOException {
    Files.setAttribute(file, "unix:gid", Math.toIntExact(group), LinkOption.NOFOLLOW_LINKS);
  }

  private static int mode(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
  }
}
