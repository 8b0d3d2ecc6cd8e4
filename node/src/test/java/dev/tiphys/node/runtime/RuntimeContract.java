package dev.tiphys.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.node.logs.LogOptions;
import dev.tiphys.node.logs.LogReader;
import dev.tiphys.node.logs.LogSink;
import dev.tiphys.node.logs.LogStream;
import dev.tiphys.node.runtime.RuntimeFailure.Reason;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.node.testing.Specs;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What the suites of the contract have in common.
public abstract class RuntimeContract {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  protected static final String[] FOREVER = {"sleep", "3600"};
  protected static final String NOBODY = "0".repeat(64);

  private Path logs;

  protected RuntimeContract() {}

  protected abstract ContainerRuntime runtime();

  protected abstract World world();

  protected abstract String cgroup();

  @BeforeEach
  void makeLogDirectory() throws Exception {
    logs = Files.createTempDirectory("tiphys-logs");
  }

  @AfterEach
  void removeEverything() throws Exception {
    for (Sandbox sandbox : runtime().sandboxes(Map.of())) {
      runtime().removeSandbox(sandbox.id());
    }
    try (var files = Files.list(logs)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(logs);
  }

  protected final Path logs() {
    return logs;
  }

  protected final SandboxSpec sandbox(String name) {
    return Specs.sandbox(name, cgroup(), logs.toString());
  }

  /// Starts a container in a sandbox of its own.
  protected final String start(String name, String... command) throws InterruptedException {
    SandboxSpec spec = sandbox("a");
    return startIn(runtime().runSandbox(spec), spec, name, command);
  }

  protected final String startIn(String sandbox, SandboxSpec spec, String name, String... command)
      throws InterruptedException {
    String id = runtime().createContainer(sandbox, Specs.container(spec, name, command), spec);
    runtime().startContainer(id);
    return id;
  }

  protected final ContainerStatus awaitExit(String id) throws Exception {
    eventually(() -> runtime().containerStatus(id).state() == ContainerState.EXITED);
    return runtime().containerStatus(id);
  }

  /// Something that becomes true in time.
  protected interface Condition {
    boolean holds() throws Exception;
  }

  protected final void eventually(Condition condition) throws Exception {
    long start = world().nanoTime();
    while (!condition.holds()) {
      assertThat(world().nanoTime() - start).as("patience").isLessThan(PATIENCE.toNanos());
      world().sleep(Duration.ofMillis(10));
    }
  }

  protected final String log(String id) throws Exception {
    return log(id, null);
  }

  protected final String log(String id, @Nullable LogStream stream) throws Exception {
    List<String> pieces = new ArrayList<>();
    LogOptions options = stream == null ? LogOptions.ALL : LogOptions.ALL.only(stream);
    Path file = Path.of(runtime().containerStatus(id).logPath());
    if (!Files.exists(file)) {
      return "";
    }
    new LogReader(world())
        .read(
            file,
            options,
            () -> false,
            new LogSink() {
              @Override
              public void write(LogStream from, byte[] bytes) {
                pieces.add(new String(bytes, StandardCharsets.UTF_8));
              }

              @Override
              public void flush() {}
            });
    return String.join("", pieces);
  }

  protected static void assertFails(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RuntimeFailure.class,
            failure -> assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason));
  }
}
