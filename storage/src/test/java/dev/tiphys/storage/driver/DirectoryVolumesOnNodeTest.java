package dev.tiphys.storage.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tiphys.csi.ControllerService;
import dev.tiphys.csi.Csi;
import dev.tiphys.csi.NodeService;
import dev.tiphys.storage.host.Machine;
import dev.tiphys.storage.host.ThisMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Volumes that are directories, on a machine that takes every quota.
@Tag("node")
class DirectoryVolumesOnNodeTest {

  private static final long SMALL = 16L << 20;

  @TempDir private Path directory;
  private final Map<String, Long> limits = new ConcurrentHashMap<>();
  private LiveDriver driver;

  /// Notes quotas instead of asking the file system for them.
  private Machine machine() {
    ThisMachine machine = new ThisMachine();
    return new Machine() {
      @Override
      public String run(String... command) throws IOException, InterruptedException {
        return machine.run(command);
      }

      @Override
      public void makeDirectory(Path path) throws IOException {
        machine.makeDirectory(path);
      }

      @Override
      public void write(Path file, byte[] content) throws IOException {
        machine.write(file, content);
      }

      @Override
      public void grow(Path file, long size) throws IOException {
        machine.grow(file, size);
      }

      @Override
      public void remove(Path file) throws IOException {
        machine.remove(file);
      }

      @Override
      public void removeTree(Path path) throws IOException {
        machine.removeTree(path);
      }

      @Override
      public void limit(Path path, int project, long bytes) {
        limits.put(path.getParent().getFileName().toString(), bytes);
      }
    };
  }

  @BeforeEach
  void start() throws Exception {
    driver = new LiveDriver(directory.toRealPath(), machine());
  }

  @AfterEach
  void stop() throws Exception {
    driver.close();
  }

  private Csi.CreateVolumeRequest request(String name) {
    return LiveDriver.create(name, SMALL, LiveDriver.mounted()).toBuilder()
        .putParameters("backing", "auto")
        .build();
  }

  private Path use(String id) throws InterruptedException {
    driver.call(NodeService.NODE_STAGE_VOLUME, driver.stage(id, LiveDriver.mounted()));
    driver.call(NodeService.NODE_PUBLISH_VOLUME, driver.publish(id, LiveDriver.mounted()));
    return driver.published(id);
  }

  @Test
  void aDirectoryIsUsedLimitedCopiedAndDeleted() throws Exception {
    driver.call(ControllerService.CREATE_VOLUME, request("a"));
    assertThat(limits).containsEntry("a", SMALL);
    Path place = use("a");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
        .isEqualTo("rwxrwxrwx");
    Files.writeString(place.resolve("file"), "1");
    assertThat(driver.devices()).isZero();

    driver.call(
        ControllerService.CREATE_SNAPSHOT,
        Csi.CreateSnapshotRequest.newBuilder().setName("s").setSourceVolumeId("a").build());
    Files.writeString(place.resolve("file"), "2");
    driver.call(
        ControllerService.CREATE_VOLUME,
        request("b").toBuilder()
            .setVolumeContentSource(
                Csi.VolumeContentSource.newBuilder()
                    .setSnapshot(
                        Csi.VolumeContentSource.SnapshotSource.newBuilder().setSnapshotId("s")))
            .build());
    assertThat(use("b").resolve("file")).hasContent("1");

    Csi.ControllerExpandVolumeResponse grown =
        driver.call(
            ControllerService.CONTROLLER_EXPAND_VOLUME,
            Csi.ControllerExpandVolumeRequest.newBuilder()
                .setVolumeId("a")
                .setCapacityRange(Csi.CapacityRange.newBuilder().setRequiredBytes(2 * SMALL))
                .build());
    assertThat(grown.getNodeExpansionRequired()).isFalse();
    assertThat(limits).containsEntry("a", 2 * SMALL);

    Csi.DeleteVolumeRequest gone = Csi.DeleteVolumeRequest.newBuilder().setVolumeId("a").build();
    assertThat(catchThrowable(() -> driver.call(ControllerService.DELETE_VOLUME, gone)))
        .hasMessageContaining("volume a is in use");
    assertThat(place.resolve("file")).hasContent("2");
    for (String id : new String[] {"a", "b"}) {
      driver.call(NodeService.NODE_UNPUBLISH_VOLUME, driver.unpublish(id));
      driver.call(NodeService.NODE_UNSTAGE_VOLUME, driver.unstage(id));
    }
    assertThat(driver.mounts()).isZero();
    driver.call(ControllerService.DELETE_VOLUME, gone);
    assertThat(directory.resolve("data/storage/volumes/a")).doesNotExist();
  }
}
