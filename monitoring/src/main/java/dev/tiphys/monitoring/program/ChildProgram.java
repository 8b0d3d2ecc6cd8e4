package dev.tiphys.monitoring.program;

import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A program that runs as long as it is needed. One that ends is started again, after a pause that
/// grows while it keeps ending; one that a process before this one has left behind is ended first,
/// since it holds the files and the port.
///
/// What it prints goes to a log beside its other files; the log of the run before is kept.
///
/// Threads: any.
public final class ChildProgram implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(ChildProgram.class.getName());
  private static final Duration TERMINATION = Duration.ofSeconds(10);
  private static final Duration LOOKS = Duration.ofMillis(100);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /// After this long the next end is the first again.
  private static final Duration STABLE = Duration.ofMinutes(5);

  private final World world;
  private final CommandLine command;
  private final BooleanSupplier ready;
  private final Consumer<ProgramState> told;
  private final SupervisedTask task;
  private volatile ProgramState state = ProgramState.STARTING;
  private Duration pause = FIRST_PAUSE; // the task's

  private ChildProgram(
      World world, CommandLine command, BooleanSupplier ready, Consumer<ProgramState> told) {
    this.world = world;
    this.command = command;
    this.ready = ready;
    this.told = told;
    this.task = world.supervisor().start(command.name(), this::run);
  }

  /// Starts a program, in the background.
  ///
  /// @param ready whether it answers; asked again and again until it does
  /// @param told of each change of its state, on a thread of its own
  public static ChildProgram start(
      World world, CommandLine command, BooleanSupplier ready, Consumer<ProgramState> told) {
    return new ChildProgram(world, command, ready, told);
  }

  /// How it stands.
  public ProgramState state() {
    return state;
  }

  private void run() throws InterruptedException {
    while (true) {
      long begin = world.nanoTime();
      become(ProgramState.STARTING);
      String end = runOnce();
      LOG.log(Level.WARNING, "a program has ended: program=" + command.name() + " error=" + end);
      become(ProgramState.ended(end));
      if (world.nanoTime() - begin >= STABLE.toNanos()) {
        pause = FIRST_PAUSE;
      }
      world.background().sleep(pause);
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  /// Returns why it has ended.
  private String runOnce() throws InterruptedException {
    ProcessHandle process;
    try {
      endLeftover();
      process = spawn();
    } catch (IOException | UncheckedIOException e) {
      return "it cannot be started: " + e.getMessage();
    }
    try {
      awaitReady(process);
      awaitEnd(process);
    } finally {
      if (process.isAlive()) {
        terminate(process);
      }
    }
    return command.lastWords();
  }

  private ProcessHandle spawn() throws IOException {
    Files.createDirectories(command.directory());
    if (Files.exists(command.log())) {
      Files.move(command.log(), command.previousLog(), StandardCopyOption.REPLACE_EXISTING);
    }
    ProcessHandle process =
        new ProcessBuilder(command.user().apply(command.words()))
            .directory(command.directory().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(command.log().toFile()))
            .start()
            .toHandle();
    Files.writeString(command.pid(), Long.toString(process.pid()));
    return process;
  }

  private void awaitReady(ProcessHandle process) throws InterruptedException {
    while (process.isAlive() && !ready.getAsBoolean()) {
      world.background().sleep(LOOKS);
    }
    if (process.isAlive()) {
      become(ProgramState.READY);
    }
  }

  private void awaitEnd(ProcessHandle process) throws InterruptedException {
    Gate ended = world.gate();
    process.onExit().thenRun(ended::open);
    while (process.isAlive()) {
      ended.await(Duration.ofSeconds(1));
    }
  }

  /// Ends it even if this thread is interrupted meanwhile: that is how the program is closed.
  private void terminate(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().orTimeout(TERMINATION.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException _) {
      process.destroyForcibly();
    }
  }

  private void endLeftover() throws IOException {
    try {
      long pid = Long.parseLong(Files.readString(command.pid()).strip());
      // A process id may have been given to another process since: where it works tells.
      boolean ours =
          Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
              .equals(command.directory().toRealPath());
      if (ours) {
        ProcessHandle.of(pid).ifPresent(this::terminate);
      }
    } catch (NoSuchFileException | NumberFormatException _) {
      // none was started, or it has ended
    }
  }

  private void become(ProgramState next) {
    if (!state.equals(next)) {
      state = next;
      told.accept(next);
    }
  }

  /// Ends the program, and waits for its end.
  @Override
  public void close() {
    task.close();
    try {
      Files.deleteIfExists(command.pid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
