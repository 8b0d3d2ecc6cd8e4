package dev.tiphys.node.containerd;

import dev.tiphys.node.containerd.ContainerdException.Reason;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings containerd to where it answers.
final class ContainerdLauncher {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration STEP = Duration.ofMillis(5);
  private static final int LOG_LINES = 8;

  private final World world;
  private final ContainerdProgram program;
  private final ContainerdFiles files;
  private final ContainerdSettings settings;
  private final boolean mayLowerOomScores;
  private final ContainerRuntime runtime;

  ContainerdLauncher(
      World world,
      ContainerdProgram program,
      ContainerdFiles files,
      ContainerdSettings settings,
      boolean mayLowerOomScores,
      ContainerRuntime runtime) {
    this.world = world;
    this.program = program;
    this.files = files;
    this.settings = settings;
    this.mayLowerOomScores = mayLowerOomScores;
    this.runtime = runtime;
  }

  ContainerdFiles files() {
    return files;
  }

  ContainerRuntime runtime() {
    return runtime;
  }

  /// Takes over the containerd that runs on our files, if it is as we want it. One that is not, is
  /// ended: a new one will find its containers.
  @Nullable ContainerdProcess adopt() throws IOException, InterruptedException {
    ContainerdProcess running = ContainerdProcess.running(files);
    if (running == null) {
      return null;
    }
    if (Files.readString(files.config()).equals(config(Snapshotter.choose(files)))
        && answers(running)) {
      return running;
    }
    running.terminate(world);
    return null;
  }

  /// Starts containerd, and returns when it answers. If the kernel or the file system cannot do
  /// overlays, layers are copied instead.
  ContainerdProcess launch() throws ContainerdException, IOException, InterruptedException {
    Snapshotter snapshotter = Snapshotter.choose(files);
    ContainerdProcess process = spawn(snapshotter);
    if (answers(process)) {
      return process;
    }
    process.terminate(world);
    if (snapshotter == Snapshotter.OVERLAYFS && missesSnapshotter()) {
      process = spawn(Snapshotter.NATIVE);
      if (answers(process)) {
        return process;
      }
      process.terminate(world);
    }
    throw new ContainerdException(
        Reason.FAILED,
        "containerd %s does not start; the end of its log (%s):\n%s"
            .formatted(program.version(), files.log(), endOfLog()));
  }

  private ContainerdProcess spawn(Snapshotter snapshotter) throws ContainerdException, IOException {
    Files.writeString(files.config(), config(snapshotter));
    return ContainerdProcess.spawn(program, files);
  }

  private String config(Snapshotter snapshotter) {
    return new ContainerdConfig(program, files, settings, snapshotter, mayLowerOomScores).text();
  }

  /// Waits until the runtime answers. Returns false if it never will.
  private boolean answers(ContainerdProcess process) throws InterruptedException {
    long start = world.nanoTime();
    while (process.alive() && world.nanoTime() - start < PATIENCE.toNanos()) {
      try {
        // The first attempts fail, but while they do, the client is loaded beside containerd's
        // start.
        if (runtime.status().runtimeReady()) {
          return true;
        }
      } catch (RuntimeFailure e) {
        if (e.reason() == RuntimeFailure.Reason.UNSUPPORTED) {
          return false; // containerd runs, its CRI part does not
        }
        // not listening yet, or listening but still looking for its containers
      }
      world.sleep(STEP);
    }
    return false;
  }

  private boolean missesSnapshotter() throws IOException {
    return Files.readString(files.log()).contains("failed to find snapshotter");
  }

  private String endOfLog() throws IOException {
    List<String> lines = Files.readAllLines(files.log());
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
  }
}
