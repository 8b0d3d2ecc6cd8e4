package dev.tiphys.storage.resizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.storage.host.ThisMachine;
import dev.tiphys.storage.provisioner.Provisioner;
import dev.tiphys.storage.provisioner.Unwritten;
import dev.tiphys.storage.sidecar.FakeDriver;
import dev.tiphys.storage.sidecar.LiveApi;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Claims that ask for more, and what their status tells until they have it.
class ResizerTest {

  @TempDir Path notes;
  private final LiveApi live = new LiveApi(5);
  private final FakeDriver driver = new FakeDriver("node-1", 10L << 30);
  private Provisioner provisioner;
  private Resizer resizer;
  private String volume;

  @BeforeEach
  void start() {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    provisioner =
        new Provisioner(
            live.world,
            live.of("provisioner"),
            driver,
            FakeDriver.SETTINGS,
            new Unwritten(new ThisMachine(), notes));
    provisioner.start();
    live.claim("data", "fast", "1Gi", "node-1", "");
    live.settle();
    volume = live.bind("data").string("spec", "volumeName");
    resizer = new Resizer(live.world, live.of("resizer"), driver, FakeDriver.SETTINGS);
    resizer.start();
    live.settle();
  }

  @AfterEach
  void stop() {
    resizer.close();
    provisioner.close();
    live.close();
  }

  private void ask(String size) {
    live.api.update(
        ApiResource.PERSISTENT_VOLUME_CLAIMS,
        live.claim("data").withAt(size, "spec", "resources", "requests", "storage"));
    live.settle();
  }

  private Struct status() {
    return live.claim("data").struct("status");
  }

  private String stage() {
    return status().string("allocatedResourceStatuses", "storage");
  }

  @Test
  void aClaimThatIsContentIsLeftAlone() {
    assertThat(driver.calls).doesNotContainKey("ControllerExpandVolume");
  }

  @Test
  void theVolumeGrowsAndTheNodeIsToDoTheRest() {
    ask("2Gi");

    assertThat(driver.volumes).containsEntry(volume, 2L << 30);
    Struct grown = live.api.get(ApiResource.PERSISTENT_VOLUMES, "", volume);
    assertThat(grown.string("spec", "capacity", "storage")).isEqualTo("2Gi");
    assertThat(Meta.of(grown).annotation("volume.alpha.kubernetes.io/pre-resize-capacity"))
        .isEqualTo("1Gi");
    assertThat(stage()).isEqualTo("NodeResizePending");
    assertThat(status().string("allocatedResources", "storage")).isEqualTo("2Gi");
    assertThat(status().string("capacity", "storage")).isEqualTo("1Gi");
    assertThat(Meta.isTrue(live.claim("data"), "FileSystemResizePending")).isTrue();
    assertThat(Meta.condition(live.claim("data"), "Resizing")).isNull();
    assertThat(live.events("data"))
        .contains(
            "Resizing External resizer is resizing volume " + volume,
            "FileSystemResizeRequired Require file system resize of volume on node");
  }

  @Test
  void aClaimThatAskedForTooMuchCanAskForLess() {
    ask("100Gi");
    assertThat(stage()).isEqualTo("ControllerResizeInfeasible");
    assertThat(live.events("data"))
        .anyMatch(event -> event.startsWith("VolumeResizeFailed resize volume \"" + volume));

    ask("2Gi");
    live.advance(Duration.ofSeconds(5));

    assertThat(driver.volumes).containsEntry(volume, 2L << 30);
    assertThat(stage()).isEqualTo("NodeResizePending");
    assertThat(status().string("allocatedResources", "storage")).isEqualTo("2Gi");
  }

  @Test
  void anAnswerThatWasLostIsAskedForAgain() {
    driver.failsAfterwards =
        name -> name.equals("ControllerExpandVolume") && driver.calls.get(name) < 3;
    ask("2Gi");
    assertThat(stage()).isEqualTo("ControllerResizeInProgress");
    assertThat(Meta.isTrue(live.claim("data"), "Resizing")).isTrue();

    live.advance(Duration.ofSeconds(10));

    assertThat(stage()).isEqualTo("NodeResizePending");
  }
}
