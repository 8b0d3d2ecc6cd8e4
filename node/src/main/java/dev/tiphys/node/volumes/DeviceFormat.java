package dev.tiphys.node.volumes;

import dev.tiphys.node.host.HostProgram;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What is on block devices. What is on one already is repaired, but never replaced.
final class DeviceFormat {
  private static final System.Logger LOG = System.getLogger(DeviceFormat.class.getName());

  /// How `blkid` ends if it finds nothing.
  private static final int NOTHING = 2;

  /// How `fsck` ends if it leaves errors.
  private static final int UNCORRECTED = 4;

  private DeviceFormat() {}

  /// Makes a file system on a device that has nothing on it; looks for errors if it has.
  static void ensure(String type, Path device, boolean readOnly)
      throws IOException, InterruptedException {
    if (!isEmpty(device)) {
      if (!readOnly) {
        repair(device);
      }
      return;
    }
    if (readOnly) {
      throw new IOException(
          "cannot mount unformatted disk %s as we are manipulating it in read-only mode"
              .formatted(device));
    }
    LOG.log(Level.INFO, "a device is formatted: device={0} type={1}", device, type);
    List<String> arguments = new ArrayList<>();
    switch (type) {
      case "ext3", "ext4" -> arguments.addAll(List.of("-F", "-m0"));
      case "xfs" -> arguments.add("-f");
      default -> {}
    }
    arguments.add(device.toString());
    HostProgram.Result result = program("mkfs." + type).run(arguments.toArray(String[]::new));
    if (!result.succeeded()) {
      throw new IOException(
          "format of disk \"%s\" failed: type:(\"%s\") errcode:(exit status %d) output:(%s)"
              .formatted(device, type, result.exitCode(), result.output().strip()));
    }
  }

  /// A device is only empty if that is sure: a file system or partitions are not overwritten
  /// because something went wrong.
  private static boolean isEmpty(Path device) throws IOException, InterruptedException {
    HostProgram.Result result =
        program("blkid").run("-p", "-s", "TYPE", "-s", "PTTYPE", "-o", "export", device.toString());
    if (result.exitCode() != 0 && result.exitCode() != NOTHING) {
      throw new IOException(
          "failed to get disk format of disk %s: exit status %d"
              .formatted(device, result.exitCode()));
    }
    return result.exitCode() == NOTHING;
  }

  private static void repair(Path device) throws IOException, InterruptedException {
    HostProgram fsck = HostProgram.find("fsck");
    HostProgram.Result result = fsck == null ? null : fsck.run("-a", device.toString());
    if (result != null && result.exitCode() == UNCORRECTED) {
      throw new IOException(
          "'fsck' found errors on device %s but could not correct them: %s"
              .formatted(device, result.output().strip()));
    }
  }

  private static HostProgram program(String name) throws IOException {
    HostProgram found = HostProgram.find(name);
    if (found == null) {
      throw new IOException("there is no program " + name);
    }
    return found;
  }
}
