package dev.tiphys.node.machine;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The file system by which the kernel shows cgroups. Directories in it come and go with the
/// containers that the runtime makes and removes, at any moment.
///
/// Threads: any.
class CgroupFiles {

  boolean exists(Path file) {
    return Files.exists(file);
  }

  boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  void makeDirectories(Path directory) throws IOException {
    Files.createDirectories(directory);
  }

  /// Removes a cgroup that has none below it. Does nothing if it is gone already.
  void removeDirectory(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      throwUnlessGone(directory, e);
    }
  }

  /// The cgroups right below one; none if it is gone. Links are left out: some hierarchies have
  /// several names, and would be visited twice.
  List<Path> directories(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, this::isDirectory)) {
      entries.forEach(found::add);
    } catch (DirectoryIteratorException e) {
      throwUnlessGone(directory, new IOException(e));
    } catch (IOException e) {
      throwUnlessGone(directory, e);
    }
    return found;
  }

  /// What a file says; nothing if it is not there.
  String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throwUnlessGone(file, e);
      return "";
    }
  }

  /// Writes to a file that the kernel has made.
  void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }

  /// Kills a process.
  void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static void throwUnlessGone(Path path, IOException failure) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw failure;
    }
  }
}
