package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.images.LoadedImages;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images with the pull policy Always, where registries cannot be reached.
class LoadedImagesTest {

  private static final String POD =
      "containers: [{name: c, image: 'tools/curl', imagePullPolicy: Always}]";

  @TempDir Path directory;
  private VirtualNode node;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 1);
    node.runtime.images().add("tools/curl");
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void load(String name) throws IOException {
    new LoadedImages(node.settings().directories().loadedImages()).add(name);
  }

  private Struct container() {
    node.createPod("a", POD);
    node.advance(2);
    return node.container("a", "c").struct("state");
  }

  @Test
  void oneThatWasLoadedIsUsed() throws IOException {
    load("docker.io/tools/curl:latest");
    node.runtime.images().cutOff(true);

    assertThat(container().has("running")).isTrue();
    assertThat(node.events("a")).anyMatch(event -> event.contains("was loaded from an archive"));
  }

  @Test
  void oneThatWasPulledIsNot() throws IOException {
    load("tools/other");
    node.runtime.images().cutOff(true);

    assertThat(container().string("waiting", "reason")).isEqualTo("ErrImagePull");
  }

  @Test
  void aRegistryThatHasNoSuchImageIsBelieved() throws IOException {
    load("tools/curl");

    assertThat(container().string("waiting", "reason")).isEqualTo("ErrImagePull");
  }
}
