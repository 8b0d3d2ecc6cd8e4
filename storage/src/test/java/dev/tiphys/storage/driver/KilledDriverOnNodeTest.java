package dev.tiphys.storage.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.csi.ControllerService;
import dev.tiphys.csi.Csi;
import dev.tiphys.csi.NodeService;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.storage.host.Machine;
import dev.tiphys.storage.host.ThisMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A driver that is killed between any two steps: the next one finishes what was begun.
@Tag("node")
class KilledDriverOnNodeTest {

  private static final long SMALL = 16L << 20;

  private final Machine machine = new ThisMachine();
  @TempDir private Path directory;

  /// What dies here is the driver, not the machine: with its images in memory no step waits for a
  /// disk.
  @BeforeEach
  void mountMemory() throws Exception {
    machine.run("mount", "-t", "tmpfs", "tmpfs", directory.toString());
  }

  @AfterEach
  void unmountMemory() throws Exception {
    machine.run("umount", directory.toString());
  }

  /// A machine on which the process is dead after some steps.
  private static final class Mortal implements Machine {
    private final Machine machine = new ThisMachine();
    private int left;
    private boolean died;

    Mortal(int steps) {
      left = steps;
    }

    private void live() throws IOException {
      if (left-- <= 0) {
        died = true;
        throw new IOException("killed");
      }
    }

    @Override
    public String run(String... command) throws IOException, InterruptedException {
      live();
      return machine.run(command);
    }

    @Override
    public void makeDirectory(Path path) throws IOException {
      live();
      machine.makeDirectory(path);
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
      live();
      machine.write(file, content);
    }

    @Override
    public void grow(Path file, long size) throws IOException {
      live();
      machine.grow(file, size);
    }

    @Override
    public void remove(Path file) throws IOException {
      live();
      machine.remove(file);
    }

    @Override
    public void removeTree(Path path) throws IOException {
      live();
      machine.removeTree(path);
    }

    @Override
    public void limit(Path path, int project, long bytes) throws IOException {
      live();
      machine.limit(path, project, bytes);
    }
  }

  /// A volume is made, filled, copied, enlarged, modified, copied once more, and all is deleted
  /// again.
  private static void live(LiveDriver driver) throws Exception {
    Csi.VolumeCapability mounted = LiveDriver.mounted();
    driver.call(ControllerService.CREATE_VOLUME, LiveDriver.create("a", SMALL, mounted));
    driver.call(NodeService.NODE_STAGE_VOLUME, driver.stage("a", mounted));
    driver.call(NodeService.NODE_PUBLISH_VOLUME, driver.publish("a", mounted));
    Path file = driver.published("a").resolve("file");
    if (!Files.exists(file)) {
      Files.writeString(file, "kept");
    }
    driver.call(
        ControllerService.CREATE_SNAPSHOT,
        Csi.CreateSnapshotRequest.newBuilder().setName("s").setSourceVolumeId("a").build());
    driver.call(
        ControllerService.CONTROLLER_EXPAND_VOLUME,
        Csi.ControllerExpandVolumeRequest.newBuilder()
            .setVolumeId("a")
            .setCapacityRange(Csi.CapacityRange.newBuilder().setRequiredBytes(2 * SMALL))
            .build());
    driver.call(
        ControllerService.CONTROLLER_MODIFY_VOLUME, LiveDriver.modify("a", "overcommit", "true"));
    driver.call(NodeService.NODE_UNPUBLISH_VOLUME, driver.unpublish("a"));
    driver.call(NodeService.NODE_UNSTAGE_VOLUME, driver.unstage("a"));
    driver.call(NodeService.NODE_STAGE_VOLUME, driver.stage("a", mounted));
    driver.call(NodeService.NODE_PUBLISH_VOLUME, driver.publish("a", mounted));
    assertThat(file).hasContent("kept");
    Files.write(driver.published("a").resolve("more"), new byte[(int) SMALL]);
    driver.call(
        ControllerService.CREATE_VOLUME,
        LiveDriver.create("b", 2 * SMALL, mounted).toBuilder()
            .setVolumeContentSource(
                Csi.VolumeContentSource.newBuilder()
                    .setSnapshot(
                        Csi.VolumeContentSource.SnapshotSource.newBuilder().setSnapshotId("s")))
            .build());
    driver.call(NodeService.NODE_STAGE_VOLUME, driver.stage("b", mounted));
    assertThat(driver.staged("b").resolve("file")).hasContent("kept");
  }

  private static void end(LiveDriver driver) throws Exception {
    driver.call(NodeService.NODE_UNPUBLISH_VOLUME, driver.unpublish("a"));
    for (String id : new String[] {"a", "b"}) {
      driver.call(NodeService.NODE_UNSTAGE_VOLUME, driver.unstage(id));
      driver.call(
          ControllerService.DELETE_VOLUME,
          Csi.DeleteVolumeRequest.newBuilder().setVolumeId(id).build());
    }
    driver.call(
        ControllerService.DELETE_SNAPSHOT,
        Csi.DeleteSnapshotRequest.newBuilder().setSnapshotId("s").build());
  }

  private interface Part {
    void play(LiveDriver driver) throws Exception;
  }

  /// Plays a part on a driver that dies after so many steps, and again on one that does not.
  /// Returns whether it died.
  private static boolean withDeathAfter(int steps, LiveDriver driver, Part part) throws Exception {
    Mortal machine = new Mortal(steps);
    driver.stop();
    try {
      driver.start(machine);
      part.play(driver);
    } catch (IOException | GrpcException e) {
      assertThat(machine.died).as("%s", e).isTrue();
    }
    driver.stop();
    driver.start(new ThisMachine());
    part.play(driver);
    return machine.died;
  }

  @Test
  void aDeathBetweenAnyTwoStepsCostsNothing() throws Exception {
    Path real = Files.createDirectory(directory.toRealPath().resolve("machine"));
    try (LiveDriver driver = new LiveDriver(real, new ThisMachine())) {
      boolean died = true;
      for (int steps = 0; died; steps++) {
        died = withDeathAfter(steps, driver, KilledDriverOnNodeTest::live);
        died |= withDeathAfter(steps, driver, KilledDriverOnNodeTest::end);
        assertThat(driver.mounts()).as("mounts after death at %d", steps).isZero();
        assertThat(driver.devices()).as("devices after death at %d", steps).isZero();
        assertThat(real.resolve("data/storage/volumes")).isEmptyDirectory();
        assertThat(real.resolve("data/storage/snapshots")).isEmptyDirectory();
      }
    }
  }
}
