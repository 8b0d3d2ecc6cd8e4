package dev.tiphys.node.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What is mounted below a directory.
public final class MountedBelow {

  private MountedBelow() {}

  /// Unmounts all of it, what was mounted last first. Lazily: processes that still use it are about
  /// to end.
  ///
  /// @throws IOException if something can't be unmounted
  public static void unmount(Path directory) throws IOException, InterruptedException {
    List<String> mounts = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      String point = line.split(" ")[4];
      if (Path.of(point).startsWith(directory)) {
        mounts.addFirst(point);
      }
    }
    HostProgram umount = HostProgram.find("umount");
    if (mounts.isEmpty() || umount == null) {
      return;
    }
    mounts.addFirst("--lazy");
    HostProgram.Result result = umount.run(mounts.toArray(String[]::new));
    if (!result.succeeded()) {
      throw new IOException(result.output().strip());
    }
  }
}
