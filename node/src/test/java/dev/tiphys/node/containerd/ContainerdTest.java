package dev.tiphys.node.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.node.host.HostProgram;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.RuntimeEvent;
import dev.tiphys.node.runtime.RuntimeEvents;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.node.testing.TestContainers;
import dev.tiphys.node.testing.TestNode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The life of our containerd, and what containers notice of it.
@Tag("node")
class ContainerdTest {

  private TestNode node;
  private TestContainers containers;

  @BeforeEach
  void start() throws Exception {
    node = TestNode.startWithBusybox();
    containers = new TestContainers(node);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  @Test
  void whatWasLeftRunningIsTakenOver() throws Exception {
    String id = containers.run("a", "sleep", "3600");
    long pid = node.containerd().pid();

    node.restart();

    assertThat(node.containerd().adopted()).isTrue();
    assertThat(node.containerd().pid()).isEqualTo(pid);
    assertThat(runtime().containerStatus(id).state()).isEqualTo(ContainerState.RUNNING);
  }

  @Test
  void containersOutliveContainerd() throws Exception {
    String id = containers.run("a", "sh", "-c", "sleep 2; exit 5");
    ContainerStatus before = runtime().containerStatus(id);

    node.restartContainerd();

    assertThat(node.containerd().adopted()).isFalse();
    assertThat(runtime().sandboxes(Map.of())).extracting(Sandbox::ready).containsExactly(true);
    assertThat(runtime().containerStatus(id).started()).isEqualTo(before.started());
    assertThat(containers.awaitExit(id).exitCode()).isEqualTo(5);
  }

  @Test
  void aContainerdThatDiesIsStartedAgain() throws Exception {
    String id = containers.run("a", "sleep", "3600");
    long pid = node.containerd().pid();
    try (RuntimeEvents events = runtime().events()) {

      ProcessHandle.of(pid).orElseThrow().destroyForcibly();

      assertThatThrownBy(events::next)
          .isInstanceOfSatisfying(
              RuntimeFailure.class,
              e -> assertThat(e.reason()).isEqualTo(RuntimeFailure.Reason.UNAVAILABLE));
    }
    containers.eventually(() -> node.containerd().pid() != pid);
    containers.eventually(this::answers);
    assertThat(runtime().containerStatus(id).state()).isEqualTo(ContainerState.RUNNING);
    try (RuntimeEvents events = runtime().events()) {
      runtime().stopContainer(id, Duration.ZERO);
      assertThat(events.next().kind()).isEqualTo(RuntimeEvent.Kind.CONTAINER_EXITED);
    }
  }

  @Test
  void containersOutliveTheKillingOfTheProcessThatStartedThem() throws Exception {
    node.containerd().stop(Containerd.Containers.KEPT);
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                OtherProcess.class.getName(),
                node.data().toString(),
                node.cgroup())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String id = Objects.requireNonNull(other.inputReader().readLine(), "no container");

    other.destroyForcibly().waitFor();
    node.restart();

    assertThat(node.containerd().adopted()).isTrue();
    assertThat(runtime().containerStatus(id).state()).isEqualTo(ContainerState.RUNNING);
    assertThat(containers.ask(id, "echo", "alive")).isEqualTo("alive\n");
  }

  @Test
  void afterTheMachineWasRestartedWhatRanHasEnded() throws Exception {
    String id = containers.run("a", "sleep", "3600");
    String sandbox = runtime().sandboxes(Map.of()).getFirst().id();
    node.containerd().close();
    new ContainerdLeftovers(node.world(), node.data()).endAll();

    node.restart();

    assertThat(runtime().sandboxStatus(sandbox).sandbox().ready()).isFalse();
    assertThat(runtime().containerStatus(id).state()).isEqualTo(ContainerState.EXITED);
    assertThat(runtime().containerStatus(id).exitCode()).isNotZero();
    runtime().removeSandbox(sandbox);
    assertThat(runtime().containers(Map.of())).isEmpty();
    containers.run("a", "sleep", "3600");
  }

  @Test
  void aTerminalsInterruptDoesNotReachContainerd() throws Exception {
    // The sixth field is the session. The second one may have spaces, and ends with a bracket.
    String stat =
        Files.readString(Path.of("/proc", Long.toString(node.containerd().pid()), "stat"));
    String session = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];

    assertThat(session).isEqualTo(Long.toString(node.containerd().pid()));
  }

  @Test
  void anotherConfigurationNeedsAnotherContainerd() throws Exception {
    String id = containers.run("a", "sleep", "3600");
    long pid = node.containerd().pid();
    Files.writeString(
        node.containerd().files().config(), "\n# changed", java.nio.file.StandardOpenOption.APPEND);

    node.restart();

    assertThat(node.containerd().adopted()).isFalse();
    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(runtime().containerStatus(id).state()).isEqualTo(ContainerState.RUNNING);
  }

  @Test
  void stoppingItAllLeavesNoProcess() throws Exception {
    containers.run("a", "sleep", "3600");
    Path directory = node.containerd().files().directory();

    node.containerd().stop(Containerd.Containers.REMOVED);

    containers.eventually(() -> processesOf(directory).isEmpty());
    node.restart();
    assertThat(runtime().sandboxes(Map.of())).isEmpty();
  }

  @Test
  void whatIsLeftBehindBrokenCanBeClearedAway() throws Exception {
    containers.run("a", "sleep", "3600");
    Path directory = node.containerd().files().directory();
    node.containerd().close();

    new ContainerdLeftovers(node.world(), node.data()).clear();

    assertThat(directory).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .doesNotContain(directory.toString());
    containers.eventually(() -> processesOf(directory).isEmpty());
    node.restart();
  }

  @Test
  void aFailureToStartShowsTheEndOfTheLog() throws Exception {
    node.containerd().stop(Containerd.Containers.REMOVED);
    Path database =
        node.containerd().files().root().resolve("io.containerd.metadata.v1.bolt/meta.db");
    byte[] sound = Files.readAllBytes(database);
    Files.writeString(database, "broken");

    assertThatThrownBy(node::restart)
        .isInstanceOfSatisfying(
            ContainerdException.class,
            e -> assertThat(e.reason()).isEqualTo(ContainerdException.Reason.FAILED))
        .hasMessageContaining("does not start; the end of its log")
        .hasMessageContaining("invalid database");

    Files.write(database, sound);
    node.restart();
  }

  @Test
  void layersAreCopiedWhereTheyCannotBeStacked() throws Exception {
    node.containerd().stop(Containerd.Containers.REMOVED);
    new ContainerdLeftovers(node.world(), node.data()).clear();
    Path directory = Files.createDirectories(node.data().resolve("containerd"));
    HostProgram mount = Objects.requireNonNull(HostProgram.find("mount"));
    Path below = node.data().resolve("below");
    for (String part : List.of("lower", "upper", "work")) {
      Files.createDirectories(below.resolve(part));
    }
    assertThat(
            mount
                .run(
                    "-t",
                    "overlay",
                    "overlay",
                    "-o",
                    "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(below),
                    directory.toString())
                .output())
        .isEmpty();

    node.restart();
    node.prepareForBusybox();
    String id = containers.run("a", "sh", "-c", "echo copied");

    containers.awaitExit(id);
    assertThat(containers.log(id)).endsWith("copied\n");
    assertThat(node.containerd().files().config()).content().contains("snapshotter = \"native\"");
  }

  private boolean answers() throws InterruptedException {
    try {
      return runtime().status().runtimeReady();
    } catch (RuntimeFailure _) {
      return false;
    }
  }

  private static List<ProcessHandle> processesOf(Path directory) {
    return ProcessHandle.allProcesses()
        .filter(process -> commandLine(process.pid()).contains(directory.toString()))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
    } catch (java.io.IOException _) {
      return ""; // it ended meanwhile
    }
  }

  /// Everything that this test itself runs with.
  private static String classPath() {
    return String.join(
        File.pathSeparator,
        System.getProperty("jdk.module.path"),
        System.getProperty("java.class.path"),
        Path.of("target", "classes").toAbsolutePath().toString(),
        Path.of("target", "test-classes").toAbsolutePath().toString());
  }

  private ContainerRuntime runtime() {
    return node.runtime();
  }
}
