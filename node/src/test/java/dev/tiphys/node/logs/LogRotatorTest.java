package dev.tiphys.node.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.runtime.FakeRuntime;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.node.testing.Specs;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRotatorTest {

  private static final int SIZE = 100;

  private final VirtualWorld world = new VirtualWorld(1);
  private final FakeRuntime runtime = new FakeRuntime(world);
  private final LogRotator rotator = new LogRotator(world, runtime, Map.of(), SIZE, 3);
  @TempDir Path directory;
  private String container;
  private Path log;

  @BeforeEach
  void startContainer() throws Exception {
    runtime.images().add(Specs.IMAGE);
    SandboxSpec sandbox = Specs.sandbox("a", "/fake", directory.toString());
    container =
        runtime.createContainer(
            runtime.runSandbox(sandbox), Specs.container(sandbox, "c", "sleep", "3600"), sandbox);
    runtime.startContainer(container);
    log = directory.resolve("c_0.log");
  }

  @Test
  void aShortLogIsLeftAlone() throws Exception {
    write("x".repeat(SIZE));

    rotator.rotate();

    assertThat(names()).containsExactly("c_0.log");
  }

  @Test
  void aLongLogIsMovedAway() throws Exception {
    write("x".repeat(SIZE + 1));

    rotator.rotate();

    assertThat(names()).hasSize(1).allMatch(name -> name.matches("c_0\\.log\\.[0-9]{8}-[0-9]{6}"));
  }

  @Test
  void ofTheOlderOnesAllButTheLastAreCompressedAndTheOldestRemoved() throws Exception {
    for (int round = 0; round < 5; round++) {
      write(round + "x".repeat(SIZE));
      rotator.rotate();
      world.advance(Duration.ofSeconds(1));
    }
    write("now");

    List<String> names = names();
    assertThat(names).hasSize(3);
    assertThat(names.get(0)).isEqualTo("c_0.log");
    assertThat(names.get(1)).endsWith(".gz");
    assertThat(names.get(2)).doesNotEndWith(".gz");
    assertThat(unpacked(names.get(1))).startsWith("3x");
    assertThat(Files.readString(directory.resolve(names.get(2)))).startsWith("4x");
  }

  @Test
  void whatAnInterruptedRoundLeftIsClearedUp() throws Exception {
    Files.writeString(directory.resolve("c_0.log.20250101-000000"), "source of a finished one");
    Files.writeString(directory.resolve("c_0.log.20250101-000000.gz"), "finished");
    Files.writeString(directory.resolve("c_0.log.20250102-000000.tmp"), "unfinished");
    write("x".repeat(SIZE + 1));

    rotator.rotate();

    assertThat(names())
        .hasSize(2)
        .contains("c_0.log.20250101-000000.gz")
        .noneMatch(name -> name.endsWith(".tmp"));
  }

  @Test
  void theLogOfAContainerThatHasEndedIsLeftAlone() throws Exception {
    write("x".repeat(SIZE + 1));
    runtime.stopContainer(container, Duration.ZERO);

    rotator.rotate();

    assertThat(names()).containsExactly("c_0.log");
  }

  private void write(String text) throws IOException {
    Files.writeString(log, text);
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private String unpacked(String name) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(directory.resolve(name)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
