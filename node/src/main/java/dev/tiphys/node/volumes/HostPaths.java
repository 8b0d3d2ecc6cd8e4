package dev.tiphys.node.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Volumes that are files or directories of the node.
final class HostPaths {
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int BLOCK_DEVICE = 0060000;

  private HostPaths() {}

  /// The path, made if the type says so.
  ///
  /// @throws VolumeFailure if it is not what the type says
  static Path of(String path, String type) throws VolumeFailure, IOException {
    Path file = Path.of(path);
    switch (type) {
      case "DirectoryOrCreate" -> {
        if (!Files.exists(file)) {
          Files.createDirectories(file);
          FileTree.mode(file, 0755);
        }
        check(Files.isDirectory(file), path, "a directory");
      }
      case "Directory" -> check(Files.isDirectory(file), path, "a directory");
      case "FileOrCreate" -> {
        if (!Files.exists(file)) {
          Files.createFile(file);
          FileTree.mode(file, 0644);
        }
        check(Files.isRegularFile(file), path, "a file");
      }
      case "File" -> check(Files.isRegularFile(file), path, "a file");
      case "Socket" -> check(is(file, SOCKET), path, "a socket file");
      case "CharDevice" -> check(is(file, CHARACTER_DEVICE), path, "a character device");
      case "BlockDevice" -> check(is(file, BLOCK_DEVICE), path, "a block device");
      default -> {
        // Anything will do. What is not there the runtime makes, as a directory.
      }
    }
    return file;
  }

  static boolean isBlockDevice(Path file) throws IOException {
    return is(file, BLOCK_DEVICE);
  }

  private static boolean is(Path file, int type) throws IOException {
    return Files.exists(file) && ((int) Files.getAttribute(file, "unix:mode") & TYPE) == type;
  }

  private static void check(boolean holds, String path, String what) throws VolumeFailure {
    if (!holds) {
      throw new VolumeFailure("hostPath type check failed: %s is not %s".formatted(path, what));
    }
  }
}
