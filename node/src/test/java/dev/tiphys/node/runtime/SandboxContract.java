package dev.tiphys.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.runtime.RuntimeFailure.Reason;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.node.runtime.spec.Namespaces;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.node.testing.Specs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What every [ContainerRuntime] must do with sandboxes and images.
public abstract class SandboxContract extends RuntimeContract {

  protected SandboxContract() {}

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
}
