package dev.tiphys.node.containerd;

import dev.tiphys.node.host.MountedBelow;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Clears away a containerd of ours with everything it holds, whatever state it is in: processes,
/// mounts, files. For when a node is reset, or was left behind broken.
///
/// The cgroups of containers are below parents that the node agent chose, and stay for it to
/// remove.
public final class ContainerdLeftovers {

  private static final String SHIM = "containerd-shim";

  private final World world;
  private final ContainerdFiles files;

  /// @param data the node's data directory
  public ContainerdLeftovers(World world, Path data) {
    this.world = world;
    this.files = ContainerdFiles.below(data);
  }

  /// Clears everything away. Does nothing if nothing is there.
  ///
  /// @throws IOException if something can't be removed
  public void clear() throws IOException, InterruptedException {
    endAll();
    deleteTree(files.directory());
  }

  /// Leaves only files, as the end of the machine does.
  void endAll() throws IOException, InterruptedException {
    ContainerdProcess running = ContainerdProcess.running(files);
    if (running != null) {
      running.terminate(world);
    }
    killContainers();
    MountedBelow.unmount(files.directory());
  }

  /// A shim is the parent of the containers of one sandbox. It ends when we end it, not when they
  /// do.
  private void killContainers() {
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      if (isOurShim(process.pid())) {
        List<ProcessHandle> containers = process.descendants().toList();
        process.destroyForcibly();
        containers.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  private boolean isOurShim(long pid) {
    List<String> words = CommandWords.of(pid);
    return !words.isEmpty()
        && words.getFirst().contains(SHIM)
        && words.contains(files.socket().toString());
  }

  private static void deleteTree(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
