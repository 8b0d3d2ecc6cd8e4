package dev.tiphys.storage.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.MessageLite;
import dev.tiphys.csi.ControllerService;
import dev.tiphys.csi.Csi;
import dev.tiphys.csi.IdentityService;
import dev.tiphys.csi.NodeService;
import dev.tiphys.csi.PluginRegistration;
import dev.tiphys.csi.RegistrationService;
import dev.tiphys.grpc.GrpcClient;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.storage.host.Blocks;
import dev.tiphys.storage.host.ThisMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The driver over its socket, with loop devices and mounts.
@Tag("node")
class DriverOnNodeTest {

  private static final long SMALL = 16L << 20;

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

  private <Q extends MessageLite, R extends MessageLite> R call(GrpcMethod<Q, R> method, Q request)
      throws InterruptedException {
    return driver.call(method, request);
  }

  private Csi.Volume made(Csi.CreateVolumeRequest request) throws InterruptedException {
    return call(ControllerService.CREATE_VOLUME, request).getVolume();
  }

  private <Q extends MessageLite, R extends MessageLite> void refused(
      GrpcStatus status, GrpcMethod<Q, R> method, Q request) {
    assertThatThrownBy(() -> driver.call(method, request))
        .isInstanceOfSatisfying(
            GrpcException.class, e -> assertThat(e.status()).as(e.getMessage()).isEqualTo(status));
  }

  private Path use(String id) throws InterruptedException {
    call(NodeService.NODE_STAGE_VOLUME, driver.stage(id, LiveDriver.mounted()));
    call(NodeService.NODE_PUBLISH_VOLUME, driver.publish(id, LiveDriver.mounted()));
    return driver.published(id);
  }

  private void leave(String id) throws InterruptedException {
    call(NodeService.NODE_UNPUBLISH_VOLUME, driver.unpublish(id));
    call(NodeService.NODE_UNSTAGE_VOLUME, driver.unstage(id));
  }

  private void delete(String id) throws InterruptedException {
    call(
        ControllerService.DELETE_VOLUME,
        Csi.DeleteVolumeRequest.newBuilder().setVolumeId(id).build());
  }

  @Test
  void itMakesItselfKnown() throws Exception {
    try (GrpcClient agent = driver.registration()) {
      PluginRegistration.PluginInfo info =
          agent.call(
              RegistrationService.GET_INFO,
              PluginRegistration.InfoRequest.getDefaultInstance(),
              Map.of(),
              Duration.ofSeconds(20));
      assertThat(info.getType()).isEqualTo("CSIPlugin");
      assertThat(info.getName()).isEqualTo("local.tiphys.dev");
      assertThat(info.getEndpoint()).isEqualTo(driver.settings.socket().toString());
    }
    assertThat(
            call(IdentityService.GET_PLUGIN_INFO, Csi.GetPluginInfoRequest.getDefaultInstance())
                .getName())
        .isEqualTo("local.tiphys.dev");
    assertThat(
            call(NodeService.NODE_GET_INFO, Csi.NodeGetInfoRequest.getDefaultInstance())
                .getAccessibleTopology()
                .getSegmentsMap())
        .isEqualTo(Map.of("topology.local.tiphys.dev/node", "node-1"));
  }

  @Test
  void aVolumeKeepsItsDataUntilItIsDeleted() throws Exception {
    Csi.CreateVolumeRequest request = LiveDriver.create("pvc-1", SMALL, LiveDriver.mounted());
    Csi.Volume volume = made(request);
    assertThat(made(request)).isEqualTo(volume);
    assertThat(volume.getCapacityBytes()).isEqualTo(SMALL);
    String id = volume.getVolumeId();

    assertThat(use(id)).isEmptyDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(driver.published(id))))
        .isEqualTo("rwxrwxrwx");
    Files.writeString(driver.published(id).resolve("a"), "1");
    assertThat(use(id)).as("asked twice").exists();
    assertThat(driver.mounts()).isEqualTo(2);
    leave(id);
    leave(id);
    assertThat(driver.mounts()).isZero();
    assertThat(driver.devices()).isZero();
    driver.stop();
    driver.start(new ThisMachine());
    assertThat(use(id).resolve("a")).hasContent("1");

    refused(
        GrpcStatus.FAILED_PRECONDITION,
        ControllerService.DELETE_VOLUME,
        Csi.DeleteVolumeRequest.newBuilder().setVolumeId(id).build());
    leave(id);
    delete(id);
    delete(id);
    assertThat(directory.resolve("data/storage/volumes")).isEmptyDirectory();
  }

  @Test
  void anImageIsThinAndAFullOneHurtsNobodyElse() throws Exception {
    String full = made(LiveDriver.create("full", SMALL, LiveDriver.mounted())).getVolumeId();
    String other = made(LiveDriver.create("other", 1L << 30, LiveDriver.mounted())).getVolumeId();
    assertThat(Blocks.of(directory.resolve("data/storage/volumes/other/image")))
        .isLessThan(64L << 20);
    Path place = use(full);

    assertThatThrownBy(() -> Files.write(place.resolve("big"), new byte[(int) SMALL + 1]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");

    Files.write(use(other).resolve("big"), new byte[(int) SMALL + 1]);
    Csi.NodeGetVolumeStatsResponse stats =
        call(
            NodeService.NODE_GET_VOLUME_STATS,
            Csi.NodeGetVolumeStatsRequest.newBuilder()
                .setVolumeId(full)
                .setVolumePath(place.toString())
                .build());
    assertThat(stats.getUsage(0).getAvailable()).isLessThan(1 << 20);
    assertThat(stats.getUsage(0).getTotal()).isBetween(SMALL / 2, SMALL);
    assertThat(stats.getUsage(1).getUnit()).isEqualTo(Csi.VolumeUsage.Unit.INODES);
    assertThat(stats.getVolumeCondition().getAbnormal()).isFalse();
  }

  @Test
  void aVolumeGrowsWhileItIsUsed() throws Exception {
    String id = made(LiveDriver.create("grows", SMALL, LiveDriver.mounted())).getVolumeId();
    Path place = use(id);
    Files.writeString(place.resolve("a"), "1");
    assumeThat(mayGrowWhatIsMounted()).isTrue();
    Csi.ControllerExpandVolumeRequest larger =
        Csi.ControllerExpandVolumeRequest.newBuilder()
            .setVolumeId(id)
            .setCapacityRange(Csi.CapacityRange.newBuilder().setRequiredBytes(4 * SMALL))
            .build();

    Csi.ControllerExpandVolumeResponse grown =
        call(ControllerService.CONTROLLER_EXPAND_VOLUME, larger);

    assertThat(grown.getCapacityBytes()).isEqualTo(4 * SMALL);
    assertThat(grown.getNodeExpansionRequired()).isTrue();
    Csi.NodeExpandVolumeRequest onNode =
        Csi.NodeExpandVolumeRequest.newBuilder()
            .setVolumeId(id)
            .setVolumePath(place.toString())
            .build();
    assertThat(call(NodeService.NODE_EXPAND_VOLUME, onNode).getCapacityBytes())
        .isEqualTo(4 * SMALL);
    assertThat(call(NodeService.NODE_EXPAND_VOLUME, onNode).getCapacityBytes())
        .isEqualTo(4 * SMALL);
    Files.write(place.resolve("big"), new byte[(int) (2 * SMALL)]);
    assertThat(place.resolve("a")).hasContent("1");
  }

  /// Whether this process has the capability CAP_SYS_RESOURCE.
  private static boolean mayGrowWhatIsMounted() throws IOException {
    String capabilities =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("CapEff:"))
            .findFirst()
            .orElseThrow();
    return (Long.parseLong(capabilities.substring(8).strip(), 16) >> 24 & 1) == 1;
  }

  @Test
  void aVolumeThatGrewWhileNothingUsedItIsLargeOnceItIsStaged() throws Exception {
    String id = made(LiveDriver.create("grows", SMALL, LiveDriver.mounted())).getVolumeId();
    call(
        ControllerService.CONTROLLER_EXPAND_VOLUME,
        Csi.ControllerExpandVolumeRequest.newBuilder()
            .setVolumeId(id)
            .setCapacityRange(Csi.CapacityRange.newBuilder().setRequiredBytes(4 * SMALL))
            .build());

    Files.write(use(id).resolve("big"), new byte[(int) (2 * SMALL)]);
  }

  @Test
  void aSnapshotAndACloneAreAsTheVolumeWas() throws Exception {
    String id = made(LiveDriver.create("source", SMALL, LiveDriver.mounted())).getVolumeId();
    Path place = use(id);
    Files.writeString(place.resolve("a"), "1");
    Csi.Snapshot snapshot =
        call(
                ControllerService.CREATE_SNAPSHOT,
                Csi.CreateSnapshotRequest.newBuilder()
                    .setName("snapshot-1")
                    .setSourceVolumeId(id)
                    .build())
            .getSnapshot();
    Files.writeString(place.resolve("a"), "2");
    Csi.CreateVolumeRequest clone =
        LiveDriver.create("clone", 2 * SMALL, LiveDriver.mounted()).toBuilder()
            .setVolumeContentSource(
                Csi.VolumeContentSource.newBuilder()
                    .setVolume(Csi.VolumeContentSource.VolumeSource.newBuilder().setVolumeId(id)))
            .build();
    made(clone);
    Files.writeString(place.resolve("a"), "3");
    Csi.CreateVolumeRequest restored =
        LiveDriver.create("restored", SMALL, LiveDriver.mounted()).toBuilder()
            .setVolumeContentSource(
                Csi.VolumeContentSource.newBuilder()
                    .setSnapshot(
                        Csi.VolumeContentSource.SnapshotSource.newBuilder()
                            .setSnapshotId(snapshot.getSnapshotId())))
            .build();
    made(restored);

    assertThat(snapshot.getReadyToUse()).isTrue();
    assertThat(use("clone").resolve("a")).hasContent("2");
    Files.write(driver.published("clone").resolve("big"), new byte[(int) SMALL]);
    assertThat(use("restored").resolve("a")).hasContent("1");
    assertThat(place.resolve("a")).hasContent("3");
    refused(
        GrpcStatus.OUT_OF_RANGE,
        ControllerService.CREATE_VOLUME,
        restored.toBuilder()
            .setName("smaller")
            .setCapacityRange(Csi.CapacityRange.newBuilder().setRequiredBytes(SMALL / 2))
            .build());
    Csi.DeleteSnapshotRequest gone =
        Csi.DeleteSnapshotRequest.newBuilder().setSnapshotId(snapshot.getSnapshotId()).build();
    call(ControllerService.DELETE_SNAPSHOT, gone);
    call(ControllerService.DELETE_SNAPSHOT, gone);
    refused(
        GrpcStatus.NOT_FOUND,
        ControllerService.CREATE_VOLUME,
        restored.toBuilder().setName("late").build());
  }

  @Test
  void aBlockVolumeIsADevice() throws Exception {
    String id = made(LiveDriver.create("raw", SMALL, LiveDriver.block())).getVolumeId();
    call(NodeService.NODE_STAGE_VOLUME, driver.stage(id, LiveDriver.block()));
    call(NodeService.NODE_PUBLISH_VOLUME, driver.publish(id, LiveDriver.block()));
    Path device = driver.published(id);
    assertThat(new ThisMachine().run("blockdev", "--getsize64", device.toString()).strip())
        .isEqualTo(Long.toString(SMALL));
    call(
        ControllerService.CONTROLLER_EXPAND_VOLUME,
        Csi.ControllerExpandVolumeRequest.newBuilder()
            .setVolumeId(id)
            .setCapacityRange(Csi.CapacityRange.newBuilder().setRequiredBytes(2 * SMALL))
            .build());
    call(
        NodeService.NODE_EXPAND_VOLUME,
        Csi.NodeExpandVolumeRequest.newBuilder()
            .setVolumeId(id)
            .setVolumePath(device.toString())
            .build());
    assertThat(new ThisMachine().run("blockdev", "--getsize64", device.toString()).strip())
        .isEqualTo(Long.toString(2 * SMALL));

    leave(id);

    assertThat(device).doesNotExist();
    assertThat(driver.devices()).isZero();
    delete(id);
  }

  @Test
  void aReadOnlyPublicationTakesNoWrites() throws Exception {
    String id = made(LiveDriver.create("ro", SMALL, LiveDriver.mounted())).getVolumeId();
    call(NodeService.NODE_STAGE_VOLUME, driver.stage(id, LiveDriver.mounted()));
    call(
        NodeService.NODE_PUBLISH_VOLUME,
        driver.publish(id, LiveDriver.mounted()).toBuilder().setReadonly(true).build());

    assertThatThrownBy(() -> Files.writeString(driver.published(id).resolve("a"), "1"))
        .hasMessageContaining("Read-only file system");
    Files.writeString(driver.staged(id).resolve("a"), "1");
  }

  @Test
  void sizesThatAreLimitsOnlyMayBeMoreThanTheDiskHas() throws Exception {
    long more = 2 * Files.getFileStore(Path.of("/tmp")).getTotalSpace();
    for (String name : List.of("one", "two")) {
      Csi.Volume volume =
          made(
              LiveDriver.create(name, more, LiveDriver.mounted()).toBuilder()
                  .putParameters("overcommit", "true")
                  .build());
      assertThat(volume.getCapacityBytes()).isGreaterThanOrEqualTo(more);
    }
    made(LiveDriver.create("kept", SMALL, LiveDriver.mounted())); // nothing was set aside
    refused(
        GrpcStatus.INVALID_ARGUMENT,
        ControllerService.CREATE_VOLUME,
        LiveDriver.create("odd", SMALL, LiveDriver.mounted()).toBuilder()
            .putParameters("overcommit", "maybe")
            .build());
  }

  @Test
  void whatCannotBeIsRefusedWithTheRightCode() throws Exception {
    made(LiveDriver.create("there", SMALL, LiveDriver.mounted()));

    refused(
        GrpcStatus.ALREADY_EXISTS,
        ControllerService.CREATE_VOLUME,
        LiveDriver.create("there", 2 * SMALL, LiveDriver.mounted()));
    refused(
        GrpcStatus.RESOURCE_EXHAUSTED,
        ControllerService.CREATE_VOLUME,
        LiveDriver.create("huge", 1L << 50, LiveDriver.mounted()));
    refused(
        GrpcStatus.OUT_OF_RANGE,
        ControllerService.CREATE_VOLUME,
        LiveDriver.create("tight", 0, LiveDriver.mounted()).toBuilder()
            .setCapacityRange(Csi.CapacityRange.newBuilder().setLimitBytes(1024))
            .build());
    refused(
        GrpcStatus.INVALID_ARGUMENT,
        ControllerService.CREATE_VOLUME,
        LiveDriver.create("odd", SMALL, LiveDriver.mounted()).toBuilder()
            .putParameters("backing", "tape")
            .build());
    refused(
        GrpcStatus.INVALID_ARGUMENT,
        ControllerService.CREATE_VOLUME,
        Csi.CreateVolumeRequest.newBuilder().setName("no-capabilities").build());
    refused(
        GrpcStatus.RESOURCE_EXHAUSTED,
        ControllerService.CREATE_VOLUME,
        LiveDriver.create("elsewhere", SMALL, LiveDriver.mounted()).toBuilder()
            .setAccessibilityRequirements(
                Csi.TopologyRequirement.newBuilder()
                    .addRequisite(
                        Csi.Topology.newBuilder()
                            .putSegments("topology.local.tiphys.dev/node", "node-2")))
            .build());
    refused(
        GrpcStatus.NOT_FOUND,
        NodeService.NODE_STAGE_VOLUME,
        driver.stage("../there", LiveDriver.mounted()));
    refused(
        GrpcStatus.FAILED_PRECONDITION,
        NodeService.NODE_PUBLISH_VOLUME,
        driver.publish("there", LiveDriver.mounted()));
    refused(
        GrpcStatus.NOT_FOUND,
        ControllerService.CONTROLLER_EXPAND_VOLUME,
        Csi.ControllerExpandVolumeRequest.newBuilder()
            .setVolumeId("absent")
            .setCapacityRange(Csi.CapacityRange.newBuilder().setRequiredBytes(SMALL))
            .build());
  }

  @Test
  void whatIsPromisedIsSetAside() throws Exception {
    Csi.GetCapacityRequest request = Csi.GetCapacityRequest.getDefaultInstance();
    long before = call(ControllerService.GET_CAPACITY, request).getAvailableCapacity();
    long half = before / 2 & -(1L << 20);
    made(LiveDriver.create("large", half, LiveDriver.mounted()));

    // what others do with the disk meanwhile is less than that
    assertThat(call(ControllerService.GET_CAPACITY, request).getAvailableCapacity())
        .isLessThan(before - half / 2);
  }
}
