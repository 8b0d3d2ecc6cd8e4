package dev.tiphys.storage;

import dev.tiphys.storage.host.LoopDevices;
import dev.tiphys.storage.host.Machine;
import dev.tiphys.storage.host.Mount;
import dev.tiphys.storage.volumes.Volume;
import dev.tiphys.storage.volumes.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/// Takes away all volumes of a cluster: unmounted first, so that nothing is removed through a
/// mount.
final class Clearing {

  private Clearing() {}

  static void clear(Machine machine, InstantSource clock, Path data)
      throws IOException, InterruptedException {
    Path root = data.resolve("storage");
    if (!Files.exists(root)) {
      return;
    }
    Volumes volumes = new Volumes(machine, root, clock);
    for (Volume volume : volumes.all()) {
      if (volume.content().isDirectory()) {
        for (Mount mount : Mount.binds(volumes.files(volume)).reversed()) {
          machine.run("umount", "--lazy", mount.point().toString());
        }
      } else {
        release(machine, volumes.image(volume));
      }
    }
    machine.removeTree(root);
  }

  private static void release(Machine machine, Path image)
      throws IOException, InterruptedException {
    LoopDevices devices = new LoopDevices(machine);
    String device = devices.find(image);
    if (device.isEmpty()) {
      return;
    }
    for (Mount mount : Mount.of(device).reversed()) {
      machine.run("umount", "--lazy", mount.point().toString());
    }
    devices.detach(image);
  }
}
