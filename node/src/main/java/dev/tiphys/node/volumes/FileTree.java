package dev.tiphys.node.volumes;

import dev.tiphys.node.pod.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Owners and modes of files.
public final class FileTree {
  private static final int SETGID = 02000;
  private static final int READ_WRITE = 0660;
  private static final int READ = 0440;
  private static final int ENTER = 0110;

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

  /// Makes a whole volume belong to the group of a Pod's files, if it names one: all of it, or only
  /// if its top does not say that this was done, as the Pod's `fsGroupChangePolicy` says.
  public static void share(Path top, Pod pod, boolean readOnly) throws IOException {
    Long group = Payloads.group(pod);
    if (group == null) {
      return;
    }
    boolean onMismatch = pod.security().string("fsGroupChangePolicy").equals("OnRootMismatch");
    if (!onMismatch || !isShared(top, group, readOnly)) {
      shareAll(top, group, readOnly);
    }
  }

  private static boolean isShared(Path top, long group, boolean readOnly) throws IOException {
    int wanted = (readOnly ? READ : READ_WRITE) | ENTER | SETGID;
    return Files.isDirectory(top)
        && (int) Files.getAttribute(top, "unix:gid") == group
        && (mode(top) & wanted) == wanted;
  }

  /// The top comes last: it says that all was done.
  private static void shareAll(Path file, long group, boolean readOnly) throws IOException {
    boolean directory = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    if (directory) {
      List<Path> entries;
      try (Stream<Path> listed = Files.list(file)) {
        entries = listed.toList();
      }
      for (Path entry : entries) {
        shareAll(entry, group, readOnly);
      }
    }
    own(file, group);
    if (!Files.isSymbolicLink(file)) {
      int more = (readOnly ? READ : READ_WRITE) | (directory ? ENTER | SETGID : 0);
      mode(file, mode(file) | more);
    }
  }

  private static void own(Path file, long group) throws IOException {
    Files.setAttribute(file, "unix:gid", Math.toIntExact(group), LinkOption.NOFOLLOW_LINKS);
  }

  private static int mode(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
  }
}
