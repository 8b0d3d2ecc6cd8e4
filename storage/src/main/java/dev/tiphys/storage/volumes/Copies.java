package dev.tiphys.storage.volumes;

import dev.tiphys.storage.host.LoopDevices;
import dev.tiphys.storage.host.Machine;
import dev.tiphys.storage.host.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Copies of images and directories. Blocks are shared where the file system can do that, holes
/// stay holes.
///
/// **What a copy is worth.** That of an image whose file system is mounted is as that was at one
/// moment: it takes no writes meanwhile. That of a block device is as after a power failure where
/// blocks are shared; otherwise only if nothing writes meanwhile. That of a directory is file by
/// file: one moment only if nothing writes meanwhile.
final class Copies {

  private static final String MARK = "frozen";

  private final Machine machine;
  private final LoopDevices devices;

  Copies(Machine machine) {
    this.machine = machine;
    this.devices = new LoopDevices(machine);
  }

  /// Copies an image that nothing uses.
  void image(Path from, Path to) throws IOException, InterruptedException {
    machine.run("cp", "--reflink=auto", "--sparse=always", from.toString(), to.toString());
  }

  /// Copies the image of a volume that may be in use.
  void liveImage(Path from, Path to) throws IOException, InterruptedException {
    String device = devices.find(from);
    List<Mount> mounts = device.isEmpty() ? List.of() : Mount.of(device);
    if (mounts.isEmpty() || mounts.getFirst().isFileSystemReadOnly()) {
      image(from, to);
      return;
    }
    String mounted = mounts.getFirst().point().toString();
    Path mark = from.resolveSibling(MARK);
    machine.write(mark, new byte[0]); // a process that is killed now must not leave it frozen
    machine.run("fsfreeze", "--freeze", mounted);
    try {
      image(from, to);
    } finally {
      machine.run("fsfreeze", "--unfreeze", mounted);
      machine.remove(mark);
    }
  }

  /// Copies all files of a directory into another.
  void files(Path from, Path to) throws IOException, InterruptedException {
    machine.run("cp", "--archive", "--reflink=auto", "--sparse=auto", from + "/.", to.toString());
  }

  /// Has an image's file system go on that was stopped for a copy by a process that was killed.
  void thaw(Path image) throws IOException, InterruptedException {
    Path mark = image.resolveSibling(MARK);
    if (!Files.exists(mark)) {
      return;
    }
    String device = devices.find(image);
    for (Mount mount : device.isEmpty() ? List.<Mount>of() : Mount.of(device).subList(0, 1)) {
      try {
        machine.run("fsfreeze", "--unfreeze", mount.point().toString());
      } catch (IOException e) {
        // it was killed before it stopped anything, or after
      }
    }
    machine.remove(mark);
  }
}
