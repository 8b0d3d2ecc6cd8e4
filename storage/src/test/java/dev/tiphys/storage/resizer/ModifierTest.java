package dev.tiphys.storage.resizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.storage.host.ThisMachine;
import dev.tiphys.storage.provisioner.Provisioner;
import dev.tiphys.storage.provisioner.Unwritten;
import dev.tiphys.storage.sidecar.FakeDriver;
import dev.tiphys.storage.sidecar.LiveApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Claims whose volumes are to be of another VolumeAttributesClass, and what their status tells
/// until they are.
class ModifierTest {

  private static final String DRIVER = "local.tiphys.dev";
  private static final Duration A_WHILE = Duration.ofSeconds(30);

  @TempDir Path notes;
  private final LiveApi live = new LiveApi(6);
  private final FakeDriver driver = new FakeDriver("node-1", 10L << 30);
  private Provisioner provisioner;
  private Resizer resizer;
  private String volume;

  @BeforeEach
  void start() {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    live.attributesClass("thin", DRIVER, "overcommit", "true");
    live.attributesClass("thick", DRIVER, "overcommit", "false");
    live.attributesClass("odd", DRIVER, "colour", "red");
    provisioner =
        new Provisioner(
            live.world,
            live.of("provisioner"),
            driver,
            FakeDriver.SETTINGS,
            new Unwritten(new ThisMachine(), notes));
    provisioner.start();
    live.claim("data", "fast", "1Gi", "node-1", "volumeAttributesClassName: thin");
    live.settle();
    volume = live.bind("data").string("spec", "volumeName");
    startResizer();
  }

  private void startResizer() {
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

  private void ask(String type) {
    live.api.update(
        ApiResource.PERSISTENT_VOLUME_CLAIMS,
        live.claim("data").withAt(type, "spec", "volumeAttributesClassName"));
    live.settle();
  }

  private Struct status() {
    return live.claim("data").struct("status");
  }

  private String stage() {
    return status().string("modifyVolumeStatus", "status");
  }

  private String target() {
    return status().string("modifyVolumeStatus", "targetVolumeAttributesClassName");
  }

  private String message(String condition) {
    Struct found = Meta.condition(live.claim("data"), condition);
    return found == null ? "" : found.string("message");
  }

  private void assertIs(String type, boolean overcommitted) {
    assertThat(driver.attributes)
        .containsEntry(volume, Map.of("overcommit", String.valueOf(overcommitted)));
    assertThat(
            live.api
                .get(ApiResource.PERSISTENT_VOLUMES, "", volume)
                .string("spec", "volumeAttributesClassName"))
        .isEqualTo(type);
    assertThat(status().string("currentVolumeAttributesClassName")).isEqualTo(type);
    assertThat(status().has("modifyVolumeStatus")).isFalse();
    assertThat(status().has("conditions")).isFalse();
  }

  @Test
  void aVolumeThatIsOfItsClassIsLeftAlone() {
    assertIs("thin", true);
    assertThat(driver.calls).doesNotContainKey("ControllerModifyVolume");
  }

  @Test
  void theVolumeBecomesOfTheClassThatItsClaimAsksFor() {
    ask("thick");

    assertIs("thick", false);
    assertThat(live.events("data"))
        .contains(
            "VolumeModify external resizer is modifying volume data with vac thick",
            "VolumeModifySuccessful external resizer modified volume data with vac thick"
                + " successfully");
  }

  @Test
  void aClassThatIsMissingIsWaitedFor() {
    ask("later");
    assertThat(stage()).isEqualTo("Pending");
    assertThat(target()).isEmpty();
    assertThat(message("ModifyingVolume")).isEmpty();
    assertThat(live.events("data")).contains("VolumeModifyFailed VAC \"later\" does not exist.");

    live.attributesClass("later", DRIVER, "overcommit", "false");
    live.settle();

    assertIs("later", false);
  }

  @Test
  void aClassThatIsNotPossibleIsToldAndTheClaimCanGoBack() {
    ask("odd");
    assertThat(stage()).isEqualTo("Infeasible");
    assertThat(target()).isEqualTo("odd");
    assertThat(status().string("currentVolumeAttributesClassName")).isEqualTo("thin");
    assertThat(message("ModifyingVolume"))
        .isEqualTo("Modifying volume to \"odd\" failed. Waiting for retry.");
    assertThat(message("ModifyVolumeError")).isEqualTo("no such parameter");
    assertThat(Meta.condition(live.claim("data"), "ModifyVolumeError").string("reason"))
        .isEqualTo("InvalidArgument");
    assertThat(live.events("data"))
        .contains("VolumeModifyFailed rpc error: code = InvalidArgument desc = no such parameter");
    live.advance(A_WHILE);
    assertThat(driver.calls).containsEntry("ControllerModifyVolume", 1);

    ask("thin");

    assertIs("thin", true);
  }

  @Test
  void whatIsPerhapsDoneIsFinishedBeforeTheClaimGoesAnotherWay() {
    driver.failsAfterwards = "ControllerModifyVolume"::equals;
    ask("thick");
    assertThat(stage()).isEqualTo("InProgress");
    assertThat(message("ModifyingVolume"))
        .isEqualTo("Modifying volume to \"thick\" is still in progress.");
    assertThat(message("ModifyVolumeError")).isEqualTo("the answer was lost");
    assertThat(live.events("data"))
        .contains(
            "VolumeModifyFailed rpc error: code = Unavailable desc = the answer was lost. Still"
                + " modifying to VAC thick");

    ask("thin");
    resizer.close();
    startResizer(); // what it was at stands in the status
    assertThat(target()).isEqualTo("thick");
    driver.failsAfterwards = _ -> false;
    live.advance(A_WHILE);

    assertIs("thin", true);
    assertThat(live.events("data"))
        .contains(
            "VolumeModifySuccessful external resizer modified volume data with vac thick"
                + " successfully");
  }

  @Test
  void whatIsSurelyNotDoneIsNotFinishedFirst() {
    driver.refusal = new GrpcException(GrpcStatus.FAILED_PRECONDITION, "not enough space");
    ask("thick");
    assertThat(stage()).isEqualTo("InProgress");
    assertThat(message("ModifyingVolume"))
        .isEqualTo("Modifying volume to \"thick\" failed. Waiting for retry.");

    driver.refusal = null;
    ask("thin");
    live.advance(A_WHILE);

    assertIs("thin", true);
    assertThat(live.events("data"))
        .noneMatch(event -> event.contains("modified volume data with vac thick"));
  }

  @Test
  void aClaimThatHasHadNoClassYetCanGiveItUp() {
    live.claim("plain", "fast", "1Gi", "node-1", "");
    live.settle();
    Struct bound = live.bind("plain");
    live.api.update(
        ApiResource.PERSISTENT_VOLUME_CLAIMS,
        bound.withAt("odd", "spec", "volumeAttributesClassName"));
    live.settle();
    assertThat(Meta.isTrue(live.claim("plain"), "ModifyingVolume")).isTrue();

    live.api.update(
        ApiResource.PERSISTENT_VOLUME_CLAIMS,
        live.claim("plain").withoutAt("spec", "volumeAttributesClassName"));
    live.settle();

    assertThat(Meta.condition(live.claim("plain"), "ModifyingVolume")).isNull();
    assertThat(Meta.isTrue(live.claim("plain"), "ModifyVolumeError")).isTrue();
    assertThat(live.events("plain")).contains("VolumeModifyCanceled Cancelled modify.");
  }
}
