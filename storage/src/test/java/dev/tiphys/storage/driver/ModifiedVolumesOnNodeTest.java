package dev.tiphys.storage.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.csi.ControllerService;
import dev.tiphys.csi.Csi;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.storage.host.ThisMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Volumes whose attributes are modified: whether their sizes are set aside.
@Tag("node")
class ModifiedVolumesOnNodeTest {

  private static final long LARGE = 8L << 30;
  private static final long MOST_OF_LARGE = 6L << 30; // others use the disk meanwhile

  @TempDir private Path directory;
  private LiveDriver driver;

  @BeforeEach
  void start() throws Exception {
    driver = new LiveDriver(directory.toRealPath(), new ThisMachine());
  }

  @AfterEach
  void stop() throws Exception {
    driver.close();
  }

  private void create(String name, long size, String overcommit, Map<String, String> attributes)
      throws InterruptedException {
    driver.call(
        ControllerService.CREATE_VOLUME,
        LiveDriver.create(name, size, LiveDriver.mounted()).toBuilder()
            .putParameters("overcommit", overcommit)
            .putAllModifiableParameters(attributes)
            .build());
  }

  private void modify(String volume, String name, String value) throws InterruptedException {
    driver.call(ControllerService.CONTROLLER_MODIFY_VOLUME, LiveDriver.modify(volume, name, value));
  }

  private void refused(GrpcStatus status, String volume, String name, String value) {
    assertThatThrownBy(() -> modify(volume, name, value))
        .isInstanceOfSatisfying(
            GrpcException.class, refusal -> assertThat(refusal.status()).isEqualTo(status));
  }

  private long available() throws InterruptedException {
    return driver
        .call(ControllerService.GET_CAPACITY, Csi.GetCapacityRequest.getDefaultInstance())
        .getAvailableCapacity();
  }

  @Test
  void aSizeIsSetAsideFromNowOnAndNoLonger() throws Exception {
    create("a", LARGE, "true", Map.of());
    long before = available();

    modify("a", "overcommit", "false");
    assertThat(available()).isLessThan(before - MOST_OF_LARGE);
    driver.stop();
    driver.start(new ThisMachine());
    assertThat(available()).isLessThan(before - MOST_OF_LARGE);

    modify("a", "overcommit", "true");
    modify("a", "overcommit", "true");
    assertThat(available()).isGreaterThan(before - MOST_OF_LARGE);
  }

  @Test
  void attributesOutdoTheParametersOfTheStorageClass() throws Exception {
    long before = available();
    create("a", LARGE, "false", Map.of("overcommit", "true"));
    assertThat(available()).isGreaterThan(before - MOST_OF_LARGE);

    create("b", LARGE, "true", Map.of("overcommit", "false"));
    assertThat(available()).isLessThan(before - MOST_OF_LARGE);
  }

  @Test
  void whatTheDiskDoesNotHaveIsNotPromised() throws Exception {
    create("a", 2 * Files.getFileStore(directory).getTotalSpace(), "true", Map.of());

    refused(GrpcStatus.FAILED_PRECONDITION, "a", "overcommit", "false");
    create("b", 16L << 20, "false", Map.of()); // nothing was set aside
  }

  @Test
  void whatIsNotKnownIsRefused() throws Exception {
    create("a", 16L << 20, "true", Map.of());

    refused(GrpcStatus.INVALID_ARGUMENT, "a", "backing", "directory");
    refused(GrpcStatus.INVALID_ARGUMENT, "a", "overcommit", "maybe");
    refused(GrpcStatus.NOT_FOUND, "b", "overcommit", "true");
    refused(GrpcStatus.INVALID_ARGUMENT, "", "overcommit", "true");
    assertThatThrownBy(() -> create("c", 16L << 20, "true", Map.of("colour", "red")))
        .hasMessageContaining("InvalidArgument");
  }
}
