package dev.tiphys.node.containerd;

import dev.tiphys.node.containerd.ContainerdException.Reason;
import dev.tiphys.node.cri.CriRuntime;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings containerd to where it answers.
final class ContainerdLauncher {

  private static final System.Logger LOG = System.getLogger(ContainerdLauncher.class.getName());

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration STEP = Duration.ofMillis(5);
  private static final int LOG_LINES = 8;

  private final World world;
  private final ContainerdProgram program;
  private final ContainerdFiles files;
  private final ContainerdSettings settings;
  private final boolean mayLowerOomScores;
  private final CriRuntime runtime;

  ContainerdLauncher(
      World world,
      ContainerdProgram program,
      ContainerdFiles files,
      ContainerdSettings settings,
      boolean mayLowerOomScores,
      CriRuntime runtime) {
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

  CriRuntime runtime() {
    return runtime;
  }

  SandboxLeftovers leftovers() {
    return new SandboxLeftovers(world, files, settings.data(), runtime);
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

  /// Starts containerd, and returns when it answers. What it does not know any more of the time
  /// before is removed: nothing can be under way then. If the kernel or the file system cannot do
  /// overlays, layers are copied instead.
  ContainerdProcess launch() throws ContainerdException, IOException, InterruptedException {
    SandboxLeftovers leftovers = leftovers();
    SandboxLeftovers.Found before = leftovers.look();
    ContainerdProcess process = start();
    try {
      leftovers.removeUnknown(before);
    } catch (IOException | RuntimeFailure e) {
      LOG.log(Level.WARNING, "what was left of sandboxes was not removed: {0}", e);
    }
    return process;
  }

  private ContainerdProcess start() throws ContainerdException, IOException, InterruptedException {
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
