package dev.tiphys.node.eviction;

import dev.tiphys.node.machine.MachineUsage;
import dev.tiphys.node.runtime.FilesystemUsage;
import dev.tiphys.node.runtime.ImageStore;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.volumes.usage.VolumeUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What this machine has left.
///
/// @param data a directory on the file system with Pods' files
/// @param images says where images are
public record MachineVitals(Path data, ImageStore images) implements Vitals.Source {
  private static final Path PROC = Path.of("/proc");

  @Override
  public Vitals look() throws IOException, InterruptedException {
    MachineUsage usage = MachineUsage.look(PROC, data);
    VolumeUsage pods = VolumeUsage.ofFileSystem(data);
    if (pods == null) {
      throw new IOException("the file system of " + data + " says nothing of itself");
    }
    VolumeUsage.Amount memory =
        new VolumeUsage.Amount(
            usage.memory(), usage.workingSet(), usage.memory() - usage.workingSet());
    return new Vitals(memory, pods, ofImages(pods));
  }

  /// What they use, where the runtime says; where Pods' files are if it does not.
  private VolumeUsage ofImages(VolumeUsage otherwise) throws IOException, InterruptedException {
    try {
      List<FilesystemUsage> known = images.filesystems();
      if (known.isEmpty()) {
        return otherwise;
      }
      FilesystemUsage used = known.getFirst();
      Path place = Path.of(used.directory());
      VolumeUsage whole = Files.isDirectory(place) ? VolumeUsage.ofFileSystem(place) : null;
      return (whole == null ? otherwise : whole).ofThat(used.bytes(), used.inodes());
    } catch (RuntimeFailure _) {
      return otherwise;
    }
  }
}
