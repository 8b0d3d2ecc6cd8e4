package dev.tiphys.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.testing.Specs;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FakeRuntimeTest extends ContainerRuntimeContract {

  private final VirtualWorld world = new VirtualWorld(1);
  private final FakeRuntime runtime = new FakeRuntime(world);

  @BeforeEach
  void addImage() {
    runtime.images().add(Specs.IMAGE);
  }

  @Override
  protected ContainerRuntime runtime() {
    return runtime;
  }

  @Override
  protected World world() {
    return world;
  }

  @Override
  protected String cgroup() {
    return "/fake";
  }

  @Test
  void memoryCanRunOut() throws Exception {
    String id = start("c", "sleep", "3600");
    try (RuntimeEvents events = runtime.events()) {
      runtime.runOutOfMemory(id);

      assertThat(events.next().kind()).isEqualTo(RuntimeEvent.Kind.CONTAINER_OUT_OF_MEMORY);
      assertThat(events.next().kind()).isEqualTo(RuntimeEvent.Kind.CONTAINER_EXITED);
      assertThat(runtime.containerStatus(id).reason()).isEqualTo("OOMKilled");
      assertThat(runtime.containerStatus(id).exitCode()).isEqualTo(137);
    }
  }

  @Test
  void aContainerThatRunsForEverDoesNotHoldUpTheWorld() throws Exception {
    String forever = start("c", "sleep", "3600");

    world.awaitQuiescent();

    assertThat(runtime.containerStatus(forever).state()).isEqualTo(ContainerState.RUNNING);
  }
}
