package dev.tiphys.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.node.logs.LogOptions;
import dev.tiphys.node.logs.LogReader;
import dev.tiphys.node.logs.LogSink;
import dev.tiphys.node.logs.LogStream;
import dev.tiphys.node.runtime.RuntimeFailure.Reason;
import dev.tiphys.node.testing.Specs;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [ContainerRuntime] must do. The image `busybox` is there.
public abstract class ContainerRuntimeContract {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String[] FOREVER = {"sleep", "3600"};
  private static final String NOBODY = "0".repeat(64);

  private Path logs;

  protected ContainerRuntimeContract() {}

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

  @Test
  void saysWhatItIsAndThatItIsReady() throws Exception {
    assertThat(runtime().version().name()).isNotEmpty();
    assertThat(runtime().version().version()).isNotEmpty();
    assertThat(runtime().status().runtimeReady()).isTrue();
    assertThat(runtime().status().networkReady()).isTrue();
  }

  @Test
  void aSandboxIsReadyAndHasAnAddress() throws Exception {
    SandboxSpec spec = sandbox("a");

    String id = runtime().runSandbox(spec);

    SandboxStatus status = runtime().sandboxStatus(id);
    assertThat(status.sandbox().ready()).isTrue();
    assertThat(status.sandbox().name()).isEqualTo(spec.name());
    assertThat(status.sandbox().labels()).isEqualTo(spec.labels());
    assertThat(status.sandbox().annotations()).isEqualTo(spec.annotations());
    assertThat(status.addresses()).hasSize(1);
    assertThat(status.network()).isEqualTo(Namespaces.Mode.POD);
  }

  @Test
  void aSandboxOnTheNodesNetworkHasNoAddressOfItsOwn() throws Exception {
    String id = runtime().runSandbox(Specs.onNodesNetwork(sandbox("a")));

    assertThat(runtime().sandboxStatus(id).addresses()).isEmpty();
    assertThat(runtime().sandboxStatus(id).network()).isEqualTo(Namespaces.Mode.NODE);
  }

  @Test
  void sandboxesHaveDifferentAddresses() throws Exception {
    String a = runtime().runSandbox(sandbox("a"));
    String b = runtime().runSandbox(sandbox("b"));

    assertThat(runtime().sandboxStatus(a).addresses())
        .doesNotContainAnyElementsOf(runtime().sandboxStatus(b).addresses());
  }

  @Test
  void aSecondSandboxOfTheSameNameIsRefused() throws Exception {
    runtime().runSandbox(sandbox("a"));

    assertFails(Reason.FAILED, () -> runtime().runSandbox(sandbox("a")));
  }

  @Test
  void sandboxesAreFoundByTheirLabels() throws Exception {
    String a = runtime().runSandbox(sandbox("a"));
    String b = runtime().runSandbox(sandbox("b"));

    assertThat(runtime().sandboxes(Map.of()))
        .extracting(Sandbox::id)
        .containsExactlyInAnyOrder(a, b);
    assertThat(runtime().sandboxes(Map.of(PodLabels.POD_NAME, "a")))
        .extracting(Sandbox::id)
        .containsExactly(a);
    assertThat(runtime().sandboxes(Map.of(PodLabels.POD_NAME, "a", PodLabels.POD_UID, "else")))
        .isEmpty();
  }

  @Test
  void aStoppedSandboxStaysUntilItIsRemoved() throws Exception {
    String id = runtime().runSandbox(sandbox("a"));

    runtime().stopSandbox(id);
    runtime().stopSandbox(id);

    assertThat(runtime().sandboxStatus(id).sandbox().ready()).isFalse();
    assertThat(runtime().sandboxes(Map.of())).extracting(Sandbox::ready).containsExactly(false);
    runtime().removeSandbox(id);
    assertThat(runtime().sandboxes(Map.of())).isEmpty();
    assertFails(Reason.NOT_FOUND, () -> runtime().sandboxStatus(id));
  }

  @Test
  void stoppingOrRemovingWhatDoesNotExistDoesNothing() throws Exception {
    runtime().stopSandbox(NOBODY);
    runtime().removeSandbox(NOBODY);
    runtime().stopContainer(NOBODY, Duration.ZERO);
    runtime().removeContainer(NOBODY);

    assertThat(runtime().sandboxes(Map.of())).isEmpty();
    assertThat(runtime().containers(Map.of())).isEmpty();
  }

  @Test
  void whatDoesNotExistIsNotFound() {
    assertFails(Reason.NOT_FOUND, () -> runtime().containerStatus(NOBODY));
    assertFails(Reason.NOT_FOUND, () -> runtime().startContainer(NOBODY));
    assertFails(Reason.NOT_FOUND, () -> runtime().reopenLog(NOBODY));
    assertFails(Reason.NOT_FOUND, () -> runtime().updateResources(NOBODY, LinuxResources.NONE));
    assertFails(Reason.NOT_FOUND, () -> runtime().execSync(NOBODY, List.of("true"), Duration.ZERO));
  }

  @Test
  void aContainerIsCreatedRunsAndExits() throws Exception {
    SandboxSpec spec = sandbox("a");
    String sandbox = runtime().runSandbox(spec);

    String id =
        runtime()
            .createContainer(
                sandbox, Specs.container(spec, "c", "sh", "-c", "sleep 1; exit 3"), spec);

    ContainerStatus created = runtime().containerStatus(id);
    assertThat(created.state()).isEqualTo(ContainerState.CREATED);
    assertThat(created.started()).isNull();
    assertThat(created.annotations()).containsEntry("note", "of c");
    runtime().startContainer(id);
    ContainerStatus running = runtime().containerStatus(id);
    assertThat(running.state()).isEqualTo(ContainerState.RUNNING);
    assertThat(running.started()).isAfterOrEqualTo(created.created());
    assertThat(running.finished()).isNull();
    ContainerStatus exited = awaitExit(id);
    assertThat(exited.exitCode()).isEqualTo(3);
    assertThat(exited.reason()).isEqualTo("Error");
    assertThat(exited.finished()).isAfterOrEqualTo(running.started());
  }

  @Test
  void aContainerThatEndsWellIsCompleted() throws Exception {
    ContainerStatus exited = awaitExit(start("c", "true"));

    assertThat(exited.exitCode()).isZero();
    assertThat(exited.reason()).isEqualTo("Completed");
  }

  @Test
  void aListShowsContainersByTheirLabels() throws Exception {
    SandboxSpec spec = sandbox("a");
    String sandbox = runtime().runSandbox(spec);
    String c = startIn(sandbox, spec, "c", FOREVER);
    String d = startIn(sandbox, spec, "d", FOREVER);

    assertThat(runtime().containers(Map.of()))
        .extracting(Container::id)
        .containsExactlyInAnyOrder(c, d);
    Container found = runtime().containers(Map.of(PodLabels.CONTAINER_NAME, "c")).getFirst();
    assertThat(found.id()).isEqualTo(c);
    assertThat(found.sandboxId()).isEqualTo(sandbox);
    assertThat(found.name()).isEqualTo(new ContainerName("c", 0));
    assertThat(found.state()).isEqualTo(ContainerState.RUNNING);
    assertThat(found.annotations()).containsEntry("note", "of c");
  }

  @Test
  void aContainerThatCannotRunSaysWhy() throws Exception {
    SandboxSpec spec = sandbox("a");
    String id =
        runtime()
            .createContainer(
                runtime().runSandbox(spec), Specs.container(spec, "c", "no-such-program"), spec);

    assertFails(Reason.FAILED, () -> runtime().startContainer(id));

    ContainerStatus status = runtime().containerStatus(id);
    assertThat(status.state()).isEqualTo(ContainerState.EXITED);
    assertThat(status.exitCode()).isEqualTo(128);
    assertThat(status.reason()).isEqualTo("StartError");
    assertThat(status.message()).contains("no-such-program");
  }

  @Test
  void aContainerStartsOnlyOnce() throws Exception {
    String id = start("c", FOREVER);

    assertFails(Reason.FAILED, () -> runtime().startContainer(id));
    runtime().stopContainer(id, Duration.ZERO);
    assertFails(Reason.FAILED, () -> runtime().startContainer(id));
  }

  @Test
  void theNextAttemptIsAnotherContainer() throws Exception {
    SandboxSpec spec = sandbox("a");
    String sandbox = runtime().runSandbox(spec);
    String first = startIn(sandbox, spec, "c", "true");
    awaitExit(first);

    assertFails(
        Reason.FAILED,
        () -> runtime().createContainer(sandbox, Specs.container(spec, "c", "true"), spec));
    String second =
        runtime()
            .createContainer(
                sandbox,
                Specs.container(spec, new ContainerName("c", 1), LinuxResources.NONE, "true"),
                spec);

    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void aContainerNeedsASandboxAndAnImage() throws Exception {
    SandboxSpec spec = sandbox("a");
    ContainerSpec container = Specs.container(spec, "c", "true");
    String sandbox = runtime().runSandbox(spec);

    assertFails(Reason.NOT_FOUND, () -> runtime().createContainer(NOBODY, container, spec));
    assertFails(
        Reason.NOT_FOUND,
        () ->
            runtime()
                .createContainer(
                    sandbox, Specs.withImage(container, "docker.io/library/absent:1"), spec));
  }

  @Test
  void aContainerThatHandlesItsSignalEndsInPeace() throws Exception {
    String id = start("c", "sh", "-c", "trap 'exit 7' TERM; echo ready; sleep 3600 & wait");
    eventually(() -> log(id).equals("ready\n"));

    runtime().stopContainer(id, Duration.ofSeconds(20));

    ContainerStatus status = runtime().containerStatus(id);
    assertThat(status.state()).isEqualTo(ContainerState.EXITED);
    assertThat(status.exitCode()).isEqualTo(7);
  }

  @Test
  void aContainerThatDoesNotIsKilledWhenTheGraceIsOver() throws Exception {
    String id = start("c", FOREVER);
    long start = world().nanoTime();

    runtime().stopContainer(id, Duration.ofSeconds(1));

    assertThat(world().nanoTime() - start).isGreaterThanOrEqualTo(900_000_000);
    assertThat(runtime().containerStatus(id).exitCode()).isEqualTo(137);
    assertThat(runtime().containerStatus(id).reason()).isEqualTo("Error");
  }

  @Test
  void stoppingASandboxKillsItsContainers() throws Exception {
    SandboxSpec spec = sandbox("a");
    String sandbox = runtime().runSandbox(spec);
    String id = startIn(sandbox, spec, "c", FOREVER);

    runtime().stopSandbox(sandbox);

    assertThat(runtime().containerStatus(id).state()).isEqualTo(ContainerState.EXITED);
    assertThat(runtime().containerStatus(id).exitCode()).isEqualTo(137);
  }

  @Test
  void removingARunningContainerKillsItAndKeepsItsLog() throws Exception {
    String id = start("c", "sh", "-c", "echo here; sleep 3600");
    eventually(() -> log(id).equals("here\n"));
    Path file = Path.of(runtime().containerStatus(id).logPath());

    runtime().removeContainer(id);

    assertThat(runtime().containers(Map.of())).isEmpty();
    assertThat(file).exists();
  }

  @Test
  void removingASandboxRemovesItsContainers() throws Exception {
    SandboxSpec spec = sandbox("a");
    String sandbox = runtime().runSandbox(spec);
    startIn(sandbox, spec, "c", FOREVER);

    runtime().removeSandbox(sandbox);

    assertThat(runtime().containers(Map.of())).isEmpty();
    assertThat(runtime().sandboxes(Map.of())).isEmpty();
  }

  @Test
  void outputGoesToTheLog() throws Exception {
    String id = start("c", "sh", "-c", "echo one; echo two >&2");
    awaitExit(id);

    assertThat(runtime().containerStatus(id).logPath())
        .isEqualTo(logs.resolve("c_0.log").toString());
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

  @Test
  void imagesAreFoundByNameShortNameAndId() throws Exception {
    Image image =
        Objects.requireNonNull(runtime().images().find("docker.io/library/busybox:latest"));

    assertThat(image.id()).startsWith("sha256:");
    assertThat(image.tags()).contains("docker.io/library/busybox:latest");
    assertThat(image.size()).isPositive();
    assertThat(runtime().images().find("busybox")).isEqualTo(image);
    assertThat(runtime().images().find(image.id())).isEqualTo(image);
    assertThat(runtime().images().find("absent")).isNull();
    assertThat(runtime().images().list()).contains(image);
  }

  @Test
  void removingAnImageThatIsNotThereDoesNothing() throws Exception {
    runtime().images().remove("docker.io/library/absent:1");

    assertThat(runtime().images().list()).isNotEmpty();
  }

  @Test
  void resourcesCanBeChangedWhileAContainerRuns() throws Exception {
    String id = start("c", FOREVER);

    runtime().updateResources(id, LinuxResources.NONE.withCpu(512, 50_000, 100_000));

    assertThat(runtime().containerStatus(id).state()).isEqualTo(ContainerState.RUNNING);
  }

  protected final SandboxSpec sandbox(String name) {
    return Specs.sandbox(name, cgroup(), logs.toString());
  }

  /// Starts a container in a sandbox of its own.
  protected final String start(String name, String... command) throws InterruptedException {
    SandboxSpec spec = sandbox("a");
    return startIn(runtime().runSandbox(spec), spec, name, command);
  }

  private String startIn(String sandbox, SandboxSpec spec, String name, String... command)
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

  private String log(String id) throws Exception {
    return log(id, null);
  }

  private String log(String id, @Nullable LogStream stream) throws Exception {
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

  private static void assertFails(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RuntimeFailure.class,
            failure -> assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason));
  }
}
