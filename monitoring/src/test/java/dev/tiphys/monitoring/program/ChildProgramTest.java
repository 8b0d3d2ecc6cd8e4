package dev.tiphys.monitoring.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProgramTest {

  private static final ProgramState READY = new ProgramState(true, "");

  @TempDir Path directory;
  private final World world = new RealWorld();
  private final BlockingQueue<ProgramState> told = new LinkedBlockingQueue<>();

  @Test
  void itIsReadyOnceItSaysSoAndEndsWithItsOwner() throws Exception {
    AtomicBoolean answers = new AtomicBoolean();
    ChildProgram program =
        ChildProgram.start(world, shell("exec sleep 1000"), answers::get, told::add);
    assertThat(program.state().ready()).isFalse();

    answers.set(true);

    assertThat(next()).isEqualTo(READY);
    ProcessHandle process = process();
    assertThat(process.isAlive()).isTrue();
    program.close();
    assertThat(process.isAlive()).isFalse();
    assertThat(directory.resolve("it.pid")).doesNotExist();
  }

  @Test
  void oneThatEndsIsStartedAgainAndSaysWhatItEndedOf() throws Exception {
    String once = "test -e again && exec sleep 1000; touch again; echo first; echo out of luck";
    try (ChildProgram _ = ChildProgram.start(world, shell(once), this::isAgain, told::add)) {
      assertThat(next()).isIn(READY, new ProgramState(false, "out of luck"));
      ProgramState state;
      do {
        state = next();
      } while (!state.ready() || !isAgain());
      assertThat(directory.resolve("it.log.previous")).hasContent("first\nout of luck");
    }
  }

  @Test
  void oneThatCannotBeStartedSaysWhy() throws Exception {
    CommandLine none = new CommandLine("it", List.of(directory + "/missing"), directory);

    try (ChildProgram _ = ChildProgram.start(world, none, () -> true, told::add)) {
      assertThat(next().problem()).startsWith("it cannot be started: ").contains("missing");
    }
  }

  /// As after a process that was killed.
  @Test
  void oneThatWasLeftBehindIsEndedFirst() throws Exception {
    Path followed = Files.createFile(directory.resolve("followed"));
    CommandLine command =
        new CommandLine("it", List.of("/usr/bin/tail", "-f", followed.toString()), directory);
    Process left = new ProcessBuilder(command.words()).directory(directory.toFile()).start();
    Files.writeString(command.pid(), Long.toString(left.pid()));

    try (ChildProgram _ = ChildProgram.start(world, command, () -> true, told::add)) {
      assertThat(next()).isEqualTo(READY);
      assertThat(left.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(process().pid()).isNotEqualTo(left.pid());
    }
  }

  private boolean isAgain() {
    return Files.exists(directory.resolve("again"))
        && Files.exists(directory.resolve("it.log.previous"));
  }

  private ProgramState next() throws InterruptedException {
    ProgramState next = told.poll(20, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  private ProcessHandle process() throws Exception {
    long pid = Long.parseLong(Files.readString(directory.resolve("it.pid")));
    return ProcessHandle.of(pid).orElseThrow();
  }

  private CommandLine shell(String script) {
    return new CommandLine("it", List.of("/bin/sh", "-c", script), directory);
  }
}
