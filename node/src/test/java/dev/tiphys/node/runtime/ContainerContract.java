package dev.tiphys.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.runtime.RuntimeFailure.Reason;
import dev.tiphys.node.runtime.spec.ContainerName;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.node.testing.Specs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What every [ContainerRuntime] must do with the life of containers.
public abstract class ContainerContract extends SandboxContract {

  protected ContainerContract() {}

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
  void resourcesCanBeChangedWhileAContainerRuns() throws Exception {
    String id = start("c", FOREVER);

    runtime().updateResources(id, LinuxResources.NONE.withCpu(512, 50_000, 100_000));

    assertThat(runtime().containerStatus(id).state()).isEqualTo(ContainerState.RUNNING);
  }

  @Test
  void stoppingAContainerThatWasNotStartedLeavesItAsItIs() throws Exception {
    SandboxSpec spec = sandbox("a");
    String sandbox = runtime().runSandbox(spec);
    String id = runtime().createContainer(sandbox, Specs.container(spec, "c", "true"), spec);

    runtime().stopContainer(id, Duration.ZERO);

    assertThat(runtime().containerStatus(id).state()).isEqualTo(ContainerState.CREATED);
    runtime().removeContainer(id);
    assertThat(runtime().containers(Map.of())).isEmpty();
  }
}
