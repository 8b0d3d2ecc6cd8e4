package dev.tiphys.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.logs.LogStream;
import dev.tiphys.node.runtime.RuntimeFailure.Reason;
import dev.tiphys.node.runtime.spec.ContainerName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What every [ContainerRuntime] must do. The image `busybox` is there.
public abstract class ContainerRuntimeContract extends ContainerContract {

  protected ContainerRuntimeContract() {}

  @Test
  void outputGoesToTheLog() throws Exception {
    String id = start("c", "sh", "-c", "echo one; echo two >&2");
    awaitExit(id);

    assertThat(runtime().containerStatus(id).logPath())
        .isEqualTo(logs().resolve("c_0.log").toString());
    assertThat(log(id, LogStream.STDOUT)).isEqualTo("one\n");
    assertThat(log(id, LogStream.STDERR)).isEqualTo("two\n");
  }

  @Test
  void aLogThatWasMovedAwayIsBegunAnew() throws Exception {
    String id = start("c", "sh", "-c", "echo one; sleep 2; echo two; sleep 3600");
    eventually(() -> log(id).equals("one\n"));
    Path file = Path.of(runtime().containerStatus(id).logPath());

    Files.move(file, file.resolveSibling("moved"));
    runtime().reopenLog(id);

    eventually(() -> log(id).equals("two\n"));
  }

  @Test
  void aLogIsOnlyReopenedWhileTheContainerRuns() throws Exception {
    String id = start("c", "true");
    awaitExit(id);

    assertFails(Reason.FAILED, () -> runtime().reopenLog(id));
  }

  @Test
  void aCommandRunsInAContainer() throws Exception {
    String id = start("c", FOREVER);

    ExecResult result =
        runtime()
            .execSync(
                id, List.of("sh", "-c", "echo out; echo err >&2; exit 5"), Duration.ofSeconds(20));

    assertThat(result.exitCode()).isEqualTo(5);
    assertThat(new String(result.output(), StandardCharsets.UTF_8)).isEqualTo("out\n");
    assertThat(new String(result.errors(), StandardCharsets.UTF_8)).isEqualTo("err\n");
  }

  @Test
  void aCommandThatTakesTooLongIsKilled() throws Exception {
    String id = start("c", FOREVER);

    assertFails(
        Reason.TIMED_OUT,
        () -> runtime().execSync(id, List.of("sleep", "3600"), Duration.ofSeconds(1)));
  }

  @Test
  void aCommandThatDoesNotExistOrHasNoContainerToRunInFails() throws Exception {
    String id = start("c", FOREVER);

    assertFails(
        Reason.FAILED,
        () -> runtime().execSync(id, List.of("no-such-program"), Duration.ofSeconds(20)));
    runtime().stopContainer(id, Duration.ZERO);
    assertFails(
        Reason.FAILED, () -> runtime().execSync(id, List.of("true"), Duration.ofSeconds(20)));
  }

  @Test
  void streamsArePreparedForRunningContainersOnly() throws Exception {
    String id = start("c", FOREVER);
    Streams streams = new Streams(true, true, true, false);

    assertThat(runtime().exec(id, List.of("sh"), streams).getScheme()).isEqualTo("http");
    assertThat(runtime().attach(id, new Streams(false, true, true, false)).getScheme())
        .isEqualTo("http");
    String sandbox = runtime().sandboxes(Map.of()).getFirst().id();
    assertThat(runtime().portForward(sandbox, List.of(80)).getScheme()).isEqualTo("http");
    runtime().stopContainer(id, Duration.ZERO);
    assertFails(Reason.FAILED, () -> runtime().exec(id, List.of("sh"), streams));
  }

  @Test
  void statsAreOfRunningContainers() throws Exception {
    String id = start("c", FOREVER);

    eventually(() -> !runtime().stats(Map.of(PodLabels.CONTAINER_NAME, "c")).isEmpty());
    ContainerStats stats = runtime().stats(Map.of(PodLabels.CONTAINER_NAME, "c")).getFirst();

    assertThat(stats.id()).isEqualTo(id);
    assertThat(stats.name()).isEqualTo(new ContainerName("c", 0));
    assertThat(stats.cpu()).isNotNull();
    assertThat(stats.memory()).isNotNull();
    assertThat(runtime().stats(Map.of(PodLabels.CONTAINER_NAME, "d"))).isEmpty();
  }

  @Test
  void startsAndExitsAreTold() throws Exception {
    try (RuntimeEvents events = runtime().events()) {
      String id = start("c", "sh", "-c", "sleep 1; exit 3");

      RuntimeEvent started = events.next();
      assertThat(started.kind()).isEqualTo(RuntimeEvent.Kind.CONTAINER_STARTED);
      assertThat(started.id()).isEqualTo(id);
      assertThat(started.labels()).containsEntry(PodLabels.CONTAINER_NAME, "c");
      RuntimeEvent exited = events.next();
      assertThat(exited.kind()).isEqualTo(RuntimeEvent.Kind.CONTAINER_EXITED);
      assertThat(exited.id()).isEqualTo(id);
      assertThat(exited.labels()).containsEntry(PodLabels.POD_NAME, "a");
      assertThat(runtime().containerStatus(id).state()).isEqualTo(ContainerState.EXITED);
      assertThat(runtime().containerStatus(id).exitCode()).isEqualTo(3);
    }
  }

  @Test
  void commandsInContainersAreNoEvents() throws Exception {
    String id = start("c", FOREVER);
    try (RuntimeEvents events = runtime().events()) {
      runtime().execSync(id, List.of("true"), Duration.ofSeconds(20));
      runtime().stopContainer(id, Duration.ZERO);

      assertThat(events.next().kind()).isEqualTo(RuntimeEvent.Kind.CONTAINER_EXITED);
    }
  }

  @Test
  void theEndOfASandboxIsTold() throws Exception {
    String sandbox = runtime().runSandbox(sandbox("a"));
    try (RuntimeEvents events = runtime().events()) {
      runtime().stopSandbox(sandbox);

      RuntimeEvent stopped = events.next();
      assertThat(stopped.kind()).isEqualTo(RuntimeEvent.Kind.SANDBOX_STOPPED);
      assertThat(stopped.id()).isEqualTo(sandbox);
      assertThat(stopped.labels()).containsEntry(PodLabels.POD_NAME, "a");
    }
  }

  @Test
  void closedEventsEnd() throws Exception {
    RuntimeEvents events = runtime().events();

    events.close();

    assertFails(Reason.UNAVAILABLE, events::next);
  }
}
