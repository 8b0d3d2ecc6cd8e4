package dev.tiphys.node.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.testing.TestContainers;
import dev.tiphys.node.testing.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Logs that a real runtime writes.
@Tag("node")
class LogsOnNodeTest {

  private static TestNode node;
  private static TestContainers containers;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.startWithBusybox();
    containers = new TestContainers(node);
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @Test
  void whoFollowsMissesNothingWhileALogIsRotated() throws Exception {
    String id =
        containers.run(
            "a",
            "sh",
            "-c",
            "until [ -e /tmp/enough ]; do i=$((i + 1)); echo line $i; sleep 0.01; done; echo $i lines");
    Path log = Path.of(node.runtime().containerStatus(id).logPath());
    StringBuilder output = new StringBuilder();
    AtomicBoolean running = new AtomicBoolean(true);
    var following = node.world().start("following", () -> follow(log, running, output));
    LogRotator rotator = new LogRotator(node.world(), node.runtime(), Map.of(), 1000, 5);

    while (files(log.getParent()) < 4) {
      rotator.rotate();
      node.world().sleep(Duration.ofMillis(250));
    }
    assertThat(containers.ask(id, "touch", "/tmp/enough")).isEmpty();
    containers.awaitExit(id);
    running.set(false);
    following.join();

    List<String> lines = output.toString().lines().toList();
    int written = lines.size() - 1;
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= written; i++) {
      expected.add("line " + i);
    }
    expected.add(written + " lines");
    assertThat(lines).isEqualTo(expected);
  }

  private static long files(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.count();
    }
  }

  @Test
  void aLineTooLongForOneIsPutTogetherAgain() throws Exception {
    String id = containers.run("b", "sh", "-c", "head -c 40000 /dev/zero | tr '\\0' x; echo");
    containers.awaitExit(id);
    StringBuilder output = new StringBuilder();

    new LogReader(node.world())
        .read(
            Path.of(node.runtime().containerStatus(id).logPath()),
            LogOptions.ALL,
            () -> false,
            sink(output));

    assertThat(output).hasToString("x".repeat(40_000) + "\n");
  }

  private static void follow(Path log, AtomicBoolean running, StringBuilder output) {
    try {
      new LogReader(node.world()).read(log, LogOptions.ALL.following(), running::get, sink(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LogSink sink(StringBuilder output) {
    return new LogSink() {
      @Override
      public void write(LogStream stream, byte[] bytes) {
        output.append(new String(bytes, StandardCharsets.UTF_8));
      }

      @Override
      public void flush() {}
    };
  }
}
