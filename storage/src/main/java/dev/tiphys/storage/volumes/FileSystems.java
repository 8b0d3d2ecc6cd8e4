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

  /// Makes one. It is empty, and programs without privileges may write into it as they may into a
  /// volume that is a directory.
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
  }

  /// The options to mount one with.
  ///
  /// @param asked by the user
  public static String options(String type, List<String> asked) {
    String own = type.equals("xfs") ? "discard,nouuid" : "discard"; // copies have the same uuid
    return asked.isEmpty() ? own : own + "," + String.join(",", asked);
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
