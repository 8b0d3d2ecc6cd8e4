package dev.tiphys.storage.volumes;

import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.storage.host.Machine;
import dev.tiphys.storage.host.ThisMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The file systems that can be in an image.
public final class FileSystems {

  static final String USUAL = "ext4";

  /// A last group of blocks that is too small to be of use is left out: up to so many bytes.
  private static final long BLOCK_GROUP_SLACK = 1L << 20;

  private static final List<String> KNOWN = List.of("ext4", "xfs");

  private final Machine machine;

  public FileSystems(Machine machine) {
    this.machine = machine;
  }

  /// The type that is meant.
  ///
  /// @throws GrpcException `INVALID_ARGUMENT` if it can't be had here
  static String require(String type) {
    String meant = type.isEmpty() ? USUAL : type;
    if (!KNOWN.contains(meant) || !ThisMachine.isInstalled("mkfs." + meant)) {
      throw new GrpcException(
          GrpcStatus.INVALID_ARGUMENT, "file system %s is not supported".formatted(meant));
    }
    return meant;
  }

  /// How small an image with it can be.
  static long smallest(String type) {
    return type.equals("xfs") ? 300L << 20 : 4L << 20;
  }

  /// Makes one. It is empty; into an ext4 one programs without privileges may write, as they may
  /// into a volume that is a directory.
  void make(String type, Path image) throws IOException, InterruptedException {
    if (type.equals("xfs")) {
      machine.run("mkfs.xfs", "-q", "-f", "-K", image.toString());
      return;
    }
    machine.run(
        "mkfs." + type,
        "-q",
        "-F",
        "-m",
        "0",
        "-E",
        "nodiscard,lazy_itable_init=1,lazy_journal_init=1",
        image.toString());
    // databases take no directory that has something in it
    machine.run("debugfs", "-w", "-R", "rmdir lost+found", image.toString());
    machine.run("debugfs", "-w", "-R", "set_inode_field / mode 040777", image.toString());
  }

  /// The options to mount one with.
  ///
  /// @param asked by the user
  public static String options(String type, List<String> asked) {
    String own = type.equals("xfs") ? "discard,nouuid" : "discard"; // copies have the same uuid
    return asked.isEmpty() ? own : own + "," + String.join(",", asked);
  }

  /// Has one that is not mounted be as large as its device, where that needs no mount. So a volume
  /// that was enlarged is large when it is used next, also on machines where mounted file systems
  /// cannot be enlarged (for ext4 that takes the capability `CAP_SYS_RESOURCE`).
  ///
  /// @param size of the device
  public void growUnmounted(String type, String device, long size)
      throws IOException, InterruptedException {
    if (type.equals("xfs") || sizeOf(device) > size - BLOCK_GROUP_SLACK) {
      return;
    }
    try {
      machine.run("e2fsck", "-f", "-p", device);
    } catch (IOException e) {
      // it says so too when it has repaired something; resize2fs refuses if it has not
    }
    machine.run("resize2fs", device);
  }

  private long sizeOf(String device) throws IOException, InterruptedException {
    long blocks = 0;
    long block = 0;
    for (String line : machine.run("dumpe2fs", "-h", device).lines().toList()) {
      if (line.startsWith("Block count:")) {
        blocks = Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
      } else if (line.startsWith("Block size:")) {
        block = Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    return blocks * block;
  }

  /// Has a mounted one be as large as its device.
  public void grow(String type, String device, Path mounted)
      throws IOException, InterruptedException {
    if (type.equals("xfs")) {
      machine.run("xfs_growfs", mounted.toString());
    } else {
      machine.run("resize2fs", device);
    }
  }
}
