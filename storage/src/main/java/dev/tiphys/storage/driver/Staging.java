package dev.tiphys.storage.driver;

import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.storage.host.LoopDevices;
import dev.tiphys.storage.host.Machine;
import dev.tiphys.storage.host.Mount;
import dev.tiphys.storage.volumes.FileSystems;
import dev.tiphys.storage.volumes.Volume;
import dev.tiphys.storage.volumes.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Brings volumes to the places where Pods find them, and takes them away again. Nothing of it is
/// noted anywhere but in the kernel: what is mounted is looked up anew with each call.
///
/// Threads: any; one at a time for each volume.
final class Staging {

  private final Machine machine;
  private final Volumes volumes;
  private final LoopDevices devices;
  private final FileSystems fileSystems;

  Staging(Machine machine, Volumes volumes) {
    this.machine = machine;
    this.volumes = volumes;
    this.devices = new LoopDevices(machine);
    this.fileSystems = new FileSystems(machine);
  }

  Volumes volumes() {
    return volumes;
  }

  /// Mounts a volume once for this node, as large as it is; a bare block device is only attached.
  void stage(Volume volume, Path place, List<String> flags)
      throws IOException, InterruptedException {
    if (volume.content().isDirectory()) {
      bind(volumes.files(volume), place, flags);
      return;
    }
    String device = devices.attach(volumes.image(volume));
    if (volume.content().isBlock()) {
      return;
    }
    String type = volume.content().fileSystem();
    if (!isMounted(device, place)) {
      fileSystems.growUnmounted(type, device, volume.size()); // made of a smaller one, say
      machine.makeDirectory(place);
      machine.run(
          "mount", "-t", type, "-o", FileSystems.options(type, flags), device, place.toString());
    }
    if (type.equals("xfs")) {
      fileSystems.grow(type, device, place);
    }
  }

  private static boolean isMounted(String device, Path place) throws IOException {
    Mount present = Mount.at(place);
    if (present == null) {
      return false;
    }
    if (!present.source().equals(device)) {
      throw new GrpcException(
          GrpcStatus.INTERNAL, "%s is mounted on %s".formatted(present.source(), place));
    }
    return true;
  }

  /// Undoes [#stage], also if the volume is gone.
  void unstage(String id, Path place) throws IOException, InterruptedException {
    unmount(place); // the directory is the agent's
    Volume volume = volumes.find(id);
    if (volume != null && !volume.content().isDirectory()) {
      devices.detach(volumes.image(volume));
    }
  }

  /// Shows a staged volume to a Pod.
  ///
  /// @param place where the Pod's containers are to find it
  void publish(Volume volume, Path staged, Path place, List<String> flags)
      throws IOException, InterruptedException {
    if (volume.content().isBlock()) {
      String device = devices.find(volumes.image(volume));
      if (device.isEmpty()) {
        throw new GrpcException(
            GrpcStatus.FAILED_PRECONDITION, "volume %s is not staged".formatted(volume.id()));
      }
      bind(Path.of(device), place, flags);
      return;
    }
    if (Mount.at(staged) == null) {
      throw new GrpcException(
          GrpcStatus.FAILED_PRECONDITION,
          "volume %s is not staged at %s".formatted(volume.id(), staged));
    }
    bind(staged, place, flags);
  }

  /// Mounts a directory or a device at another place. The kernel takes flags of such a mount only
  /// in a second step; a kill between the two is seen by the next call.
  private void bind(Path what, Path place, List<String> flags)
      throws IOException, InterruptedException {
    Mount present = Mount.at(place);
    if (present == null) {
      if (Files.isDirectory(what)) {
        machine.makeDirectory(place);
      } else {
        machine.makeDirectory(place.resolveSibling("."));
        machine.grow(place, 0);
      }
      machine.run("mount", "--bind", what.toString(), place.toString());
      present = Mount.at(place);
    }
    if (!flags.isEmpty() && present != null && !present.options().containsAll(flags)) {
      List<String> options = new ArrayList<>(List.of("remount", "bind"));
      options.addAll(flags);
      machine.run("mount", "-o", String.join(",", options), place.toString());
    }
  }

  /// Undoes [#publish].
  void unpublish(Path place) throws IOException, InterruptedException {
    unmount(place);
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      machine.remove(place);
    }
  }

  /// Unmounts what is at a place, however often.
  private void unmount(Path place) throws IOException, InterruptedException {
    while (Mount.at(place) != null) {
      machine.run("umount", place.toString());
    }
  }

  /// Has a volume that is staged be as large as it was made.
  ///
  /// @param place where it is mounted
  void expand(Volume volume, Path place) throws IOException, InterruptedException {
    if (volume.content().isDirectory()) {
      return;
    }
    String device = devices.find(volumes.image(volume));
    if (device.isEmpty()) {
      throw new GrpcException(
          GrpcStatus.FAILED_PRECONDITION, "volume %s is not staged".formatted(volume.id()));
    }
    devices.resize(device);
    if (!volume.content().isBlock()) {
      fileSystems.grow(volume.content().fileSystem(), device, place);
    }
  }

  /// What is wrong with a volume; empty if nothing is.
  ///
  /// @param place where it is mounted
  String problem(Volume volume, Path place) throws IOException {
    if (!Files.exists(
        volume.content().isDirectory() ? volumes.files(volume) : volumes.image(volume))) {
      return "the data of the volume are gone";
    }
    Mount mount = Mount.at(place);
    if (mount != null && mount.isFileSystemReadOnly() && !volume.content().isDirectory()) {
      return "the file system takes no writes after a fault";
    }
    return "";
  }
}
