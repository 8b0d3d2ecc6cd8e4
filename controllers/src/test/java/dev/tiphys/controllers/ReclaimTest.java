package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUMES;
import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUME_CLAIMS;
import static dev.tiphys.client.ApiResource.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of volumes without a driver when their claims are gone: they are emptied by Pods,
/// deleted, or neither can be.
class ReclaimTest {

  private static final String RECYCLER = "recycler-for-disk";

  private final List<String> deleted = new ArrayList<>();
  private String trouble = "";
  private final TestCluster cluster =
      new TestCluster(1, ControllerSettings.DEFAULT.withHostPaths(this::delete));

  private void delete(String path) throws IOException {
    if (!trouble.isEmpty()) {
      throw new IOException(trouble);
    }
    deleted.add(path);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  /// A volume that had a claim.
  private void release(String policy, String source) {
    cluster.create(
        PERSISTENT_VOLUMES,
        """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: disk}
        spec:
          capacity: {storage: 4Gi}
          accessModes: [ReadWriteOnce]
          persistentVolumeReclaimPolicy: %s
          %s
        """
            .formatted(policy, source));
    claim("data");
    assertThat(phase()).isEqualTo("Bound");
    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "data");
  }

  private void claim(String name) {
    cluster.create(
        PERSISTENT_VOLUME_CLAIMS,
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: %s, namespace: default}
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: ''
          resources: {requests: {storage: 1Gi}}
        """
            .formatted(name));
    cluster.settle();
  }

  private String phase() {
    return cluster.get(PERSISTENT_VOLUMES, "disk").string("status", "phase");
  }

  private String message() {
    return cluster.get(PERSISTENT_VOLUMES, "disk").string("status", "message");
  }

  private boolean isThere() {
    return cluster.names(PERSISTENT_VOLUMES).contains("disk");
  }

  /// Has Pods that empty volumes end so from now on.
  private void letExit(int code) {
    cluster.kubelet.letExit(pod -> isRecycler(pod) ? code : TestKubelet.RUNS_ON);
  }

  private static boolean isRecycler(Struct pod) {
    return Meta.of(pod).name().equals(RECYCLER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hostPath: {path: /tmp/data} | 120",
        "nfs: {server: files.example, path: /tmp/data} | 300"
      })
  void aVolumeIsEmptiedAndFreeAgain(String source, long limit) {
    letExit(0);
    List<Struct> seen = new ArrayList<>();
    try (var _ =
        cluster.observe(
            PODS,
            pods -> pods.list().stream().filter(ReclaimTest::isRecycler).forEach(seen::add))) {
      release("Recycle", source);
      cluster.settle();
    }

    Struct spec = seen.getFirst().struct("spec");
    assertThat(spec.integer("activeDeadlineSeconds")).isEqualTo(limit);
    Struct mounted = spec.structs("volumes").getFirst();
    assertThat(mounted.string(source.substring(0, source.indexOf(':')), "path"))
        .isEqualTo("/tmp/data");
    assertThat(spec.structs("containers").getFirst().string("image"))
        .isEqualTo("registry.k8s.io/build-image/debian-base:bookworm-v1.0.6");
    assertThat(cluster.names(PODS)).isEmpty();
    assertThat(phase()).isEqualTo("Available");
    assertThat(cluster.events("disk")).contains("VolumeRecycled: Volume recycled");
    claim("next");
    assertThat(phase()).isEqualTo("Bound");
  }

  @Test
  void whatIsToldOfThePodIsToldOfItsVolume() {
    release("Recycle", "hostPath: {path: /tmp/data}");
    cluster.settle();
    try (EventRecorder scheduler = new EventRecorder(cluster.world, cluster.api, "s", "")) {
      scheduler.warning(cluster.get(PODS, RECYCLER), "FailedScheduling", "no node");
      cluster.settle();
    }

    assertThat(cluster.events("disk")).contains("RecyclerPod: Recycler pod: no node");
  }

  @Test
  void aVolumeThatWasNotEmptiedIsNotGivenAway() {
    letExit(1);
    release("Recycle", "hostPath: {path: /tmp/data}");
    cluster.settle();

    assertThat(phase()).isEqualTo("Failed");
    assertThat(message())
        .isEqualTo(
            "Recycle failed: failed to recycle volume: pod failed, pod.Status.Message unknown");
    assertThat(cluster.events("disk")).contains("VolumeFailedRecycle: " + message());

    letExit(0);
    cluster.settle();
    assertThat(phase()).isEqualTo("Available");
  }

  @Test
  void whatAControllerBeforeHasBegunIsDoneAgain() {
    release("Recycle", "hostPath: {path: /tmp/data}");
    cluster.settle();
    String before = Meta.of(cluster.get(PODS, RECYCLER)).uid();
    cluster.restartControllers();
    cluster.settle();

    assertThat(Meta.of(cluster.get(PODS, RECYCLER)).uid()).isNotEqualTo(before);
    assertThat(cluster.events("disk"))
        .contains("VolumeFailedRecycle: Recycle failed: old recycler pod found, will retry later");
    letExit(0);
    cluster.settle();
    assertThat(phase()).isEqualTo("Available");
  }

  @Test
  void aPodThatIsDeletedHasEmptiedNothing() {
    release("Recycle", "hostPath: {path: /tmp/data}");
    cluster.settle();
    cluster.delete(PODS, RECYCLER, DeleteOptions.DEFAULT);
    cluster.settle();

    assertThat(cluster.events("disk"))
        .contains(
            "VolumeFailedRecycle: Recycle failed: failed to recycle volume: recycler pod was"
                + " deleted");
  }

  @Test
  void whatNothingCanEmptyFails() {
    release("Recycle", "iscsi: {targetPortal: '192.0.2.1:3260', iqn: 'iqn.2026-01.x:y', lun: 0}");
    cluster.settle();

    assertThat(phase()).isEqualTo("Failed");
    assertThat(cluster.events("disk"))
        .contains("VolumeFailedRecycle: No recycler plugin found for the volume!");
  }

  @Test
  void aDirectoryIsDeletedWithItsVolume() {
    release("Delete", "hostPath: {path: /tmp/data}");
    cluster.settle();

    assertThat(deleted).containsExactly("/tmp/data");
    assertThat(isThere()).isFalse();
  }

  @Test
  void aDirectoryThatCannotBeDeletedIsTriedAgain() {
    trouble = "/tmp/data is mounted";
    release("Delete", "hostPath: {path: /tmp/data}");
    cluster.settle();
    assertThat(phase()).isEqualTo("Failed");
    assertThat(cluster.events("disk")).contains("VolumeFailedDelete: /tmp/data is mounted");

    trouble = "";
    cluster.settle();
    assertThat(isThere()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/tmp", "/tmp/", "/srv/data", "/srv/tmp/data"})
  void otherDirectoriesAreNotDeleted(String path) {
    release("Delete", "hostPath: {path: %s}".formatted(path));
    cluster.settle();

    assertThat(phase()).isEqualTo("Failed");
    assertThat(message())
        .isEqualTo("host_path deleter only supports /tmp/.+ but received provided " + path);
    assertThat(deleted).isEmpty();
  }

  @Test
  void aLocalVolumeCannotBeDeleted() {
    release(
        "Delete",
        "local: {path: /tmp/data}\n  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions:"
            + " [{key: kubernetes.io/hostname, operator: In, values: [node-0]}]}]}}");
    cluster.settle();

    assertThat(phase()).isEqualTo("Failed");
    assertThat(message())
        .isEqualTo(
            "error getting deleter volume plugin for volume \"disk\": no deletable volume plugin"
                + " matched");
  }
}
