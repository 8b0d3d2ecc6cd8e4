package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.csi.Csi;
import dev.tiphys.csi.Csi.NodeServiceCapability.RPC;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.volumes.csi.FakeDriver;
import dev.tiphys.node.volumes.usage.VolumeStats;
import dev.tiphys.object.Struct;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told of volumes: metrics under upstream's names and labels, and how drivers say that
/// their volumes are.
class VolumeMetricsTest {
  private static final String POD =
      """
      terminationGracePeriodSeconds: 1
      containers:
      - name: c
        image: busybox:1
        command: [sleep, "100000"]
        volumeMounts: [{name: data, mountPath: /data}, {name: tmp, mountPath: /scratch}]
      volumes:
      - {name: data, csi: {driver: fake.csi.test}}
      - {name: tmp, emptyDir: {}}
      """;

  @TempDir Path directory;
  private VirtualNode node;
  private FakeDriver driver;

  private void start(String gates) throws Exception {
    node = new VirtualNode(directory, 11, FeatureGates.parse(gates));
    driver = new FakeDriver(node.mounts, directory.resolve("volumes"));
    driver.abilities.addAll(List.of(RPC.Type.GET_VOLUME_STATS, RPC.Type.VOLUME_CONDITION));
    node.plugins.start(node.settings().directories().pluginsRegistry(), driver);
    node.create(
        ApiResource.CSI_DRIVERS,
        "metadata: {name: fake.csi.test}\nspec: {attachRequired: false,"
            + " volumeLifecycleModes: [Ephemeral]}");
    node.advance(1);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private List<String> metrics() {
    Exposition out = new Exposition();
    node.agent().write(out);
    return out.toString().lines().toList();
  }

  @Test
  void whatIsDoneToVolumesIsCounted() throws Exception {
    start("");
    driver.failOnce(Csi.NodePublishVolumeRequest.class, GrpcStatus.RESOURCE_EXHAUSTED);
    node.createPod("a", POD);
    node.advance(60);

    assertThat(metrics())
        .contains(
            counted("kubernetes.io/csi:fake.csi.test", "volume_mount", "fail-unknown"),
            counted("kubernetes.io/csi:fake.csi.test", "volume_mount", "success"),
            counted("kubernetes.io/empty-dir", "volume_mount", "success"),
            asked("NodePublishVolume", "ResourceExhausted"),
            asked("NodePublishVolume", "OK"),
            total("kubernetes.io/csi:fake.csi.test", "desired_state_of_world"),
            total("kubernetes.io/csi:fake.csi.test", "actual_state_of_world"),
            total("kubernetes.io/empty-dir", "actual_state_of_world"),
            "reconstruct_volume_operations_total 0",
            "reconstruct_volume_operations_errors_total 0",
            "kubelet_orphan_pod_cleaned_volumes 0",
            "kubelet_orphan_pod_cleaned_volumes_errors 0");

    node.deletePod("a", 0);
    node.advance(10);

    assertThat(metrics())
        .contains(
            counted("kubernetes.io/csi:fake.csi.test", "volume_unmount", "success"),
            counted("kubernetes.io/csi:fake.csi.test", "unmount_device", "success"),
            counted("kubernetes.io/empty-dir", "volume_unmount", "success"),
            asked("NodeUnpublishVolume", "OK"))
        .noneMatch(line -> line.startsWith("volume_manager_total_volumes{"));
  }

  @Test
  void whatAnAgentFindsOfTheOneBeforeIsCounted() throws Exception {
    start("");
    node.createPod("a", POD);
    node.restartAgent();

    assertThat(metrics()).contains("reconstruct_volume_operations_total 1");
  }

  private static String counted(String plugin, String operation, String status) {
    return "storage_operation_duration_seconds_count{volume_plugin=\"%s\",operation_name=\"%s\",status=\"%s\",migrated=\"false\"} 1"
        .formatted(plugin, operation, status);
  }

  private static String asked(String method, String status) {
    return "csi_operations_seconds_count{driver_name=\"fake.csi.test\",method_name=\"/csi.v1.Node/%s\",grpc_status_code=\"%s\",migrated=\"false\"} 1"
        .formatted(method, status);
  }

  private static String total(String plugin, String state) {
    return "volume_manager_total_volumes{plugin_name=\"%s\",state=\"%s\"} 1"
        .formatted(plugin, state);
  }

  private void makeAbnormal() {
    driver.stats =
        Csi.NodeGetVolumeStatsResponse.newBuilder()
            .setVolumeCondition(
                Csi.VolumeCondition.newBuilder().setAbnormal(true).setMessage("a disk is lost"))
            .build();
  }

  @Test
  void aVolumeThatIsNotWellIsToldOf() throws Exception {
    start("CSIVolumeHealth=true");
    node.createPod("a", POD);
    node.advance(61);
    assertThat(node.events("a")).noneMatch(event -> event.startsWith("VolumeCondition"));

    makeAbnormal();
    node.advance(61);

    assertThat(node.events("a")).contains("VolumeConditionAbnormal Volume data: a disk is lost");
    List<VolumeStats> stats =
        VolumeStats.look(node.api, List.of(node.pod("a")), node.agent().volumeUsages());
    assertThat(stats)
        .filteredOn(volume -> volume.volume().equals("data"))
        .extracting(volume -> volume.toStruct(node.world.now()).get("volumeHealthStats"))
        .containsExactly(Struct.of("abnormal", true));
  }

  @Test
  void withoutTheFeatureNothingIsToldOfHowVolumesAre() throws Exception {
    start("");
    makeAbnormal();
    node.createPod("a", POD);
    node.advance(180);

    assertThat(node.events("a")).noneMatch(event -> event.startsWith("VolumeCondition"));
    assertThat(driver.count(Csi.NodeGetVolumeStatsRequest.class)).isZero();
  }
}
