package dev.tiphys.node.containerd;

import dev.tiphys.node.containerd.ContainerdException.Reason;
import dev.tiphys.node.host.HostProgram;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A running containerd of ours, whether this process started it or one before it did.
final class ContainerdProcess {

  private static final Duration TERMINATION = Duration.ofSeconds(10);

  private final ProcessHandle process;

  private ContainerdProcess(ProcessHandle process) {
    this.process = process;
  }

  /// The one that runs on these files already; null if there is none.
  static @Nullable ContainerdProcess running(ContainerdFiles files) throws IOException {
    try {
      long pid = Long.parseLong(Files.readString(files.pid()).strip());
      ProcessHandle process = ProcessHandle.of(pid).orElse(null);
      return process != null && isOurs(pid, files) ? new ContainerdProcess(process) : null;
    } catch (NoSuchFileException | NumberFormatException _) {
      return null; // never started, or the machine stopped while the file was written
    }
  }

  /// Starts one. It is in a session of its own: neither a terminal's interrupt nor the end of this
  /// process reaches it.
  static ContainerdProcess spawn(ContainerdProgram program, ContainerdFiles files)
      throws ContainerdException {
    try {
      for (Path stale : List.of(files.socket(), files.ttrpcSocket())) {
        Files.deleteIfExists(stale);
      }
      if (Files.exists(files.log())) {
        Files.move(files.log(), files.previousLog(), StandardCopyOption.REPLACE_EXISTING);
      }
      ProcessBuilder builder =
          new ProcessBuilder(
                  program.setsid().toString(),
                  program.path().toString(),
                  "--config",
                  files.config().toString())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()));
      builder.environment().put("PATH", HostProgram.fullSearchPath());
      builder.environment().remove("NOTIFY_SOCKET"); // ours to answer, not containerd's
      ProcessHandle process = builder.start().toHandle();
      Files.writeString(files.pid(), Long.toString(process.pid()));
      return new ContainerdProcess(process);
    } catch (IOException e) {
      throw new ContainerdException(
          Reason.FAILED, "containerd cannot be started: " + e.getMessage(), e);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /// Waits for its end.
  void join(World world) throws InterruptedException {
    Gate ended = world.gate();
    process.onExit().thenRun(ended::open);
    while (process.isAlive()) {
      ended.await(Duration.ofSeconds(1));
    }
  }

  /// Ends it. Containers are not its children: they go on.
  void terminate(World world) throws InterruptedException {
    Gate ended = world.gate();
    process.onExit().thenRun(ended::open);
    process.destroy();
    if (!ended.await(TERMINATION)) {
      process.destroyForcibly();
      ended.await(TERMINATION);
    }
  }

  /// A process id may have been given to another process since: the command line tells.
  private static boolean isOurs(long pid, ContainerdFiles files) {
    return CommandWords.of(pid).contains(files.config().toString());
  }
}
