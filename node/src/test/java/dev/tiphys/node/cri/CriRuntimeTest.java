package dev.tiphys.node.cri;

import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerRuntimeContract;
import dev.tiphys.node.testing.TestNode;
import dev.tiphys.world.World;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("node")
class CriRuntimeTest extends ContainerRuntimeContract {

  private static TestNode node;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.startWithBusybox();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @Override
  protected ContainerRuntime runtime() {
    return node.runtime();
  }

  @Override
  protected World world() {
    return node.world();
  }

  @Override
  protected String cgroup() {
    return node.cgroup();
  }
}
