package dev.tiphys.node.containerd;

import dev.tiphys.grpc.GrpcClient;
import dev.tiphys.node.containerd.ContainerdException.Reason;
import dev.tiphys.node.cri.CriRuntime;
import dev.tiphys.node.host.Capabilities;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Our containerd, running.
///
/// **Life.** [#start] takes over the one that a process before this one left running, or starts
/// one, and returns when it answers. While this object is open, a containerd that ends is started
/// again. [#close] lets go of it and leaves it running; [#stop] ends it. Containers are not its
/// children: they run on through all of this, unless [#stop] is told to remove them.
///
/// **Threads.** Any thread may call any method.
public final class Containerd implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Containerd.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration ROUND = Duration.ofSeconds(10);

  private final World world;
  private final ContainerdLauncher launcher;
  private final GrpcClient client;
  private final ContainerRuntime runtime;
  private final boolean adopted;
  private final List<SupervisedTask> tasks = new ArrayList<>();
  private volatile ContainerdProcess process;
  private volatile boolean released;

  private Containerd(
      World world,
      ContainerdLauncher launcher,
      GrpcClient client,
      ContainerdProcess process,
      boolean adopted) {
    this.world = world;
    this.launcher = launcher;
    this.client = client;
    this.runtime = launcher.runtime();
    this.process = process;
    this.adopted = adopted;
    tasks.add(world.supervisor().start("containerd", this::supervise));
    SupervisedTask clearing = world.supervisor().task("containerd-leftovers", OnFailure.RESTART);
    tasks.add(clearing.start(() -> clearUp(clearing)));
  }

  /// What becomes of sandboxes and containers when containerd is stopped.
  public enum Containers {
    /// They run on, and are there again after the next start.
    KEPT,
    /// They are killed and removed.
    REMOVED
  }

  /// Makes sure that our containerd runs, and answers.
  ///
  /// @param loops event loops of the NIO kind; stay the caller's
  /// @throws ContainerdException if it cannot be made to
  public static Containerd start(World world, EventLoopGroup loops, ContainerdSettings settings)
      throws ContainerdException, InterruptedException {
    ContainerdFiles files = ContainerdFiles.below(settings.data());
    files.make();
    ContainerdProgram program = ContainerdProgram.find();
    GrpcClient client = new GrpcClient(world, loops, files.socket());
    try {
      ContainerdLauncher launcher =
          new ContainerdLauncher(
              world,
              program,
              files,
              settings,
              Capabilities.ofThisProcess().mayLowerOomScores(),
              new CriRuntime(world, client, new ContainerdImageMounts(files)));
      ContainerdProcess running = launcher.adopt();
      boolean adopted = running != null;
      return new Containerd(
          world, launcher, client, running == null ? launcher.launch() : running, adopted);
    } catch (IOException e) {
      client.close();
      throw new ContainerdException(
          Reason.BAD_DIRECTORY, files.directory() + " cannot be used: " + e, e);
    } catch (ContainerdException | InterruptedException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /// The containers, by CRI.
  public ContainerRuntime runtime() {
    return runtime;
  }

  /// For containerd's own services, and for further ones on the same socket.
  public GrpcClient client() {
    return client;
  }

  /// Where its files are.
  public ContainerdFiles files() {
    return launcher.files();
  }

  /// Whether it ran before this object was made.
  public boolean adopted() {
    return adopted;
  }

  /// The process id of containerd, which changes when it has to be started again.
  public long pid() {
    return process.pid();
  }

  /// Lets go of containerd, and leaves it running.
  @Override
  public void close() {
    released = true;
    SupervisedTask.closeAll(tasks);
    client.close();
  }

  /// Ends containerd.
  ///
  /// @throws IOException if its process cannot be found out
  public void stop(Containers containers) throws IOException, InterruptedException {
    if (containers == Containers.REMOVED) {
      for (Sandbox sandbox : runtime.sandboxes(Map.of())) {
        runtime.removeSandbox(sandbox.id());
      }
    }
    close();
    // Not the one we know of: another one may just have been started.
    ContainerdProcess running = ContainerdProcess.running(launcher.files());
    if (running != null) {
      running.terminate(world);
    }
  }

  private void supervise() throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!released) {
      process.join(world);
      if (released) {
        return;
      }
      LOG.log(Level.WARNING, "containerd has ended and is started again");
      world.sleep(pause);
      pause = relaunch() ? FIRST_PAUSE : longer(pause);
    }
  }

  private void clearUp(SupervisedTask own) throws InterruptedException {
    SandboxLeftovers leftovers = launcher.leftovers();
    while (true) {
      world.background().sleep(ROUND);
      try {
        leftovers.round();
        own.problem("");
      } catch (IOException e) {
        own.problem("what was left of sandboxes was not removed: " + e);
      } catch (RuntimeFailure e) {
        LOG.log(Level.DEBUG, "the runtime does not answer: {0}", e.getMessage());
      }
    }
  }

  private boolean relaunch() throws InterruptedException {
    try {
      process = launcher.launch();
      return true;
    } catch (ContainerdException | IOException e) {
      LOG.log(Level.ERROR, "containerd does not start", e);
      return false;
    }
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }
}
