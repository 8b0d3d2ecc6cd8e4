package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Volumes that are images, on a node without a runtime.
class ImageVolumesTest {
  private static final String POD =
      """
      terminationGracePeriodSeconds: 0
      containers:
      - name: c
        image: busybox:1
        command: [sleep, "100000"]
        volumeMounts: [{name: model, mountPath: /model}]
      volumes:
      - name: model
        image: {reference: "models.test/cats:7", pullPolicy: %s}
      """;

  @TempDir Path directory;
  private VirtualNode node;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 3);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Path place() {
    return node.settings()
        .directories()
        .volume(Meta.of(node.pod("a")).uid(), "kubernetes.io~image", "model");
  }

  @Test
  void theImageIsPulledAndMountedAndUnmountedWhenThePodIsGone() throws Exception {
    node.runtime.images().addToRegistry("models.test/cats:7");
    node.createPod("a", POD.formatted("IfNotPresent"));
    assertThat(node.container("a", "c").has("state", "running")).isTrue();
    assertThat(node.runtime.images().mounted()).containsOnlyKeys(place());
    assertThat(node.events("a"))
        .anyMatch(event -> event.contains("Pulling image \"models.test/cats:7\""));

    node.restartAgent();
    assertThat(node.runtime.images().mounted()).containsOnlyKeys(place());

    node.deletePod("a", 0);
    node.advance(30);
    assertThat(node.runtime.images().mounted()).isEmpty();
  }

  @Test
  void anImageThatCannotBePulledIsWhatTheContainerWaitsFor() {
    node.createPod("a", POD.formatted("IfNotPresent"));
    Struct waiting = node.container("a", "c").struct("state", "waiting");
    assertThat(waiting.string("reason")).isEqualTo("ErrImagePull");
    assertThat(waiting.string("message")).contains("models.test/cats:7");
    assertThat(node.events("a")).anyMatch(event -> event.contains("Error: ErrImagePull"));

    node.runtime.images().addToRegistry("models.test/cats:7");
    node.advance(60);
    assertThat(node.container("a", "c").has("state", "running")).isTrue();
  }

  @Test
  void anImageThatMustNotBePulledIsNot() {
    node.runtime.images().addToRegistry("models.test/cats:7");
    node.createPod("a", POD.formatted("Never"));
    assertThat(node.container("a", "c").string("state", "waiting", "reason"))
        .isEqualTo("ErrImageNeverPull");
  }
}
