package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.api.Meta;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStatusLoopTest {

  @TempDir Path directory;
  private VirtualNode node;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 3);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private boolean isReady() {
    return Meta.isTrue(node.api.get(ApiResource.NODES, "", "node-1"), "Ready");
  }

  @Test
  void aNodeThatIsNotReadyYetLooksLessAndLessOften() throws Exception {
    node.runtime.networkReady(false);
    node.restartAgent();
    node.advance(1);
    assertThat(isReady()).isFalse();
    int before = node.runtime.statusCalls();

    node.advance(60);

    assertThat(node.runtime.statusCalls() - before).isBetween(6, 15);
  }

  @Test
  void whatChangesIsSeenInTenSeconds() throws Exception {
    assertThat(isReady()).isTrue();
    node.runtime.networkReady(false);
    node.advance(10);
    assertThat(isReady()).isFalse();

    node.runtime.networkReady(true);
    node.advance(10);
    assertThat(isReady()).isTrue();
  }
}
