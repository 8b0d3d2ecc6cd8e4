package dev.tiphys.node.cri;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.images.Architecture;
import dev.tiphys.node.images.PauseImage;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.node.testing.Specs;
import dev.tiphys.node.testing.TestContainers;
import dev.tiphys.node.testing.TestImages;
import dev.tiphys.node.testing.TestNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Images that come from files, in a real containerd.
@Tag("node")
class LoadedImagesTest {

  private static final String BUSYBOX = "docker.io/library/busybox:latest";

  private static TestNode node;
  private static TestContainers containers;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.start();
    containers = new TestContainers(node);
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @AfterEach
  void removeEverything() throws Exception {
    for (var sandbox : runtime().sandboxes(Map.of())) {
      runtime().removeSandbox(sandbox.id());
    }
    for (Image image : runtime().images().list()) {
      if (!image.tags().contains(PauseImage.NAME)) {
        runtime().images().remove(image.id());
      }
    }
  }

  @Test
  void thePauseImageIsThereOnce() throws Exception {
    node.loader().loadPause(Architecture.ofThisMachine());

    assertThat(runtime().images().list())
        .extracting(Image::tags)
        .containsExactly(List.of(PauseImage.NAME));
  }

  @Test
  void anImageHasAllItsNames() throws Exception {
    assertThat(node.load(TestImages.archive("busybox")))
        .containsExactly(BUSYBOX, "docker.io/library/busybox:1.36");

    assertThat(image(BUSYBOX).tags())
        .containsExactlyInAnyOrder(BUSYBOX, "docker.io/library/busybox:1.36");
    assertThat(image(BUSYBOX).digests()).isEmpty();
    assertThat(image("busybox:1.36")).isEqualTo(image(BUSYBOX));
  }

  @Test
  void loadingAgainChangesNothing() throws Exception {
    node.load(TestImages.archive("busybox"));
    Image first = image(BUSYBOX);

    node.load(TestImages.archive("busybox"));

    assertThat(image(BUSYBOX)).isEqualTo(first);
  }

  @Test
  void anImageThatWasRemovedIsGoneUnderAllItsNamesAndCanComeBack() throws Exception {
    node.load(TestImages.archive("busybox"));

    runtime().images().remove(BUSYBOX);

    assertThat(runtime().images().find("busybox:1.36")).isNull();
    node.load(TestImages.archive("busybox"));
    String id = containers.run("a", "sh", "-c", "echo back");
    containers.awaitExit(id);
    assertThat(containers.log(id)).endsWith("back\n");
  }

  @Test
  void nginxServes() throws Exception {
    node.load(TestImages.archive("nginx"));
    SandboxSpec sandbox = containers.spec("web");
    containers.run(
        sandbox,
        Specs.withImage(Specs.container(sandbox, "nginx"), "docker.io/library/nginx:1.24"));
    String sandboxId = runtime().sandboxes(Map.of()).getFirst().id();
    String address = runtime().sandboxStatus(sandboxId).addresses().getFirst();

    containers.eventually(() -> page(address).contains("Welcome to nginx!"));
  }

  private static String page(String address) throws IOException {
    try (InputStream in = URI.create("http://" + address + "/").toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (ConnectException _) {
      return ""; // not listening yet
    }
  }

  private static Image image(String name) throws Exception {
    return Objects.requireNonNull(runtime().images().find(name));
  }

  private static ContainerRuntime runtime() {
    return node.runtime();
  }
}
