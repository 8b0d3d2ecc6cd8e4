package dev.tiphys.storage.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.csi.ControllerService;
import dev.tiphys.csi.Csi;
import dev.tiphys.csi.NodeService;
import dev.tiphys.storage.host.Machine;
import dev.tiphys.storage.host.ThisMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Volumes on a disk whose file system can share blocks, and volumes that have such a file system
/// themselves: XFS, on images of the test's own.
@Tag("node")
class SharedBlocksOnNodeTest {

  private static final long DISK = 2L << 30;
  private static final long SIZE = 512L << 20;
  private static final int DATA = 128 << 20;

  @TempDir private Path directory;
  private final Machine machine = new ThisMachine();
  private Path disk;
  private LiveDriver driver;

  @BeforeEach
  void start() throws Exception {
    Path image = directory.resolve("disk.img");
    machine.grow(image, DISK);
    machine.run("mkfs.xfs", "-q", image.toString());
    disk = Files.createDirectories(directory.resolve("disk"));
    machine.run("mount", "-o", "loop", image.toString(), disk.toString());
    driver = new LiveDriver(Files.createDirectories(disk.resolve("node")), machine);
  }

  @AfterEach
  void stop() throws Exception {
    driver.close();
    machine.run("umount", disk.toString());
  }

  private Path use(String id, Csi.VolumeCapability capability) throws Exception {
    driver.call(NodeService.NODE_STAGE_VOLUME, driver.stage(id, capability));
    driver.call(NodeService.NODE_PUBLISH_VOLUME, driver.publish(id, capability));
    return driver.published(id);
  }

  private long used() throws IOException {
    var store = Files.getFileStore(disk);
    return store.getTotalSpace() - store.getUnallocatedSpace();
  }

  private static byte[] noise() {
    byte[] noise = new byte[DATA];
    new SplittableRandom(1).nextBytes(noise);
    return noise;
  }

  @Test
  void aSnapshotAndWhatIsRestoredFromItTakeNoRoomOfTheirOwn() throws Exception {
    Csi.VolumeCapability mounted = LiveDriver.mounted();
    driver.call(ControllerService.CREATE_VOLUME, LiveDriver.create("source", SIZE, mounted));
    Path file = use("source", mounted).resolve("file");
    byte[] content = noise();
    Files.write(file, content);
    machine.run("sync", "-f", file.toString());
    long before = used();

    String snapshot =
        driver
            .call(
                ControllerService.CREATE_SNAPSHOT,
                Csi.CreateSnapshotRequest.newBuilder()
                    .setName("snapshot-1")
                    .setSourceVolumeId("source")
                    .build())
            .getSnapshot()
            .getSnapshotId();
    driver.call(
        ControllerService.CREATE_VOLUME,
        LiveDriver.create("restored", SIZE, mounted).toBuilder()
            .setVolumeContentSource(
                Csi.VolumeContentSource.newBuilder()
                    .setSnapshot(
                        Csi.VolumeContentSource.SnapshotSource.newBuilder()
                            .setSnapshotId(snapshot)))
            .build());

    assertThat(used() - before).isLessThan(DATA / 4);
    Files.writeString(file, "something else");
    assertThat(use("restored", mounted).resolve("file")).hasBinaryContent(content);
  }

  @Test
  void aVolumeHasTheFileSystemThatItsClassNamesAndGrowsWhileItIsUsed() throws Exception {
    Csi.VolumeCapability xfs =
        LiveDriver.mounted().toBuilder()
            .setMount(Csi.VolumeCapability.MountVolume.newBuilder().setFsType("xfs"))
            .build();
    driver.call(ControllerService.CREATE_VOLUME, LiveDriver.create("data", SIZE, xfs));
    Path place = use("data", xfs);
    assertThat(Files.getFileStore(place).type()).isEqualTo("xfs");
    Files.writeString(place.resolve("kept"), "kept");

    driver.call(
        ControllerService.CONTROLLER_EXPAND_VOLUME,
        Csi.ControllerExpandVolumeRequest.newBuilder()
            .setVolumeId("data")
            .setCapacityRange(Csi.CapacityRange.newBuilder().setRequiredBytes(2 * SIZE))
            .build());
    driver.call(
        NodeService.NODE_EXPAND_VOLUME,
        Csi.NodeExpandVolumeRequest.newBuilder()
            .setVolumeId("data")
            .setVolumePath(place.toString())
            .setStagingTargetPath(driver.staged("data").toString())
            .build());

    assertThat(Files.getFileStore(place).getTotalSpace()).isGreaterThan(SIZE * 3 / 2);
    assertThat(place.resolve("kept")).hasContent("kept");
  }
}
