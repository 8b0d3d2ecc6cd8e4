package dev.tiphys.node.containerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How the layers of images become the root file systems of containers.
enum Snapshotter {
  /// Stacked by the kernel: nothing is copied.
  OVERLAYFS("overlayfs"),
  /// Copied, where the kernel or the file system below cannot stack.
  NATIVE("native");

  private final String id;

  Snapshotter(String id) {
    this.id = id;
  }

  /// containerd's name for it.
  String id() {
    return id;
  }

  /// What to begin with. Images belong to the snapshotter they were unpacked by, so what was used
  /// before is used again.
  static Snapshotter choose(ContainerdFiles files) throws IOException {
    if (Files.exists(files.config())) {
      return Files.readString(files.config()).contains(NATIVE.setting()) ? NATIVE : OVERLAYFS;
    }
    return isOverlay(files.directory()) ? NATIVE : OVERLAYFS;
  }

  /// The line of the configuration that says so.
  String setting() {
    return "snapshotter = \"" + id + "\"";
  }

  /// An overlay's writable layer cannot be on an overlay.
  private static boolean isOverlay(Path directory) throws IOException {
    return Files.getFileStore(directory).type().equals("overlay");
  }
}
