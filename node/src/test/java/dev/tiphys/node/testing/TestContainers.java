package dev.tiphys.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.ExecResult;
import dev.tiphys.node.runtime.spec.ContainerName;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Short ways to say what tests of containers say often.
public final class TestContainers {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TestNode node;

  public TestContainers(TestNode node) {
    this.node = node;
  }

  /// Something that becomes true in time.
  public interface Condition {
    boolean holds() throws Exception;
  }

  public SandboxSpec spec(String name) throws Exception {
    Files.createDirectories(node.logs().resolve(name));
    return Specs.sandbox(name, node.cgroup(), node.logs().resolve(name).toString());
  }

  /// Starts a sandbox, and a container in it.
  public String run(String name, String... command) throws Exception {
    return run(name, LinuxResources.NONE, command);
  }

  public String run(String name, LinuxResources resources, String... command) throws Exception {
    SandboxSpec sandbox = spec(name);
    return run(sandbox, Specs.container(sandbox, new ContainerName("c", 0), resources, command));
  }

  public String run(SandboxSpec sandbox, ContainerSpec container) throws Exception {
    String id = runtime().createContainer(runtime().runSandbox(sandbox), container, sandbox);
    runtime().startContainer(id);
    return id;
  }

  /// What a command in a container prints.
  public String ask(String id, String... command) throws Exception {
    ExecResult result = runtime().execSync(id, List.of(command), PATIENCE);
    return new String(result.output(), StandardCharsets.UTF_8)
        + new String(result.errors(), StandardCharsets.UTF_8);
  }

  public ContainerStatus awaitExit(String id) throws Exception {
    eventually(() -> runtime().containerStatus(id).state() == ContainerState.EXITED);
    return runtime().containerStatus(id);
  }

  public String log(String id) throws Exception {
    return Files.readString(Path.of(runtime().containerStatus(id).logPath()));
  }

  public void eventually(Condition condition) throws Exception {
    World world = node.world();
    long start = world.nanoTime();
    while (!condition.holds()) {
      assertThat(world.nanoTime() - start).as("patience").isLessThan(PATIENCE.toNanos());
      world.sleep(Duration.ofMillis(10));
    }
  }

  private ContainerRuntime runtime() {
    return node.runtime();
  }
}
