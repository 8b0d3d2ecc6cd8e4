package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.NODES;
import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUMES;
import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUME_CLAIMS;
import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.controllers.TestAttacher.ATTACHMENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.Rounds;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttachDetachTest {

  private static final ApiResource DRIVERS =
      new ApiResource(GroupVersion.parse("storage.k8s.io/v1"), "csidrivers", "CSIDriver", false);
  private static final String MANAGED = "volumes.kubernetes.io/controller-managed-attach-detach";

  private TestCluster cluster = new TestCluster(1);
  private TestAttacher attacher = attacher();

  @AfterEach
  void close() {
    attacher.close();
    cluster.close();
  }

  private TestAttacher attacher() {
    for (String node : TestKubelet.NODES) {
      cluster.change(NODES, node, each -> Meta.withAnnotation(each, MANAGED, "true"));
    }
    return new TestAttacher(cluster.world, cluster.api).start();
  }

  /// A disk and the claim that has it, both of this name.
  private void disk(String name, String mode) {
    cluster.create(
        PERSISTENT_VOLUMES,
        """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: %s}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [%s]
          persistentVolumeReclaimPolicy: Retain
          storageClassName: ""
          claimRef: {namespace: default, name: %s}
          csi: {driver: disks.example.com, volumeHandle: h-%s}
        """
            .formatted(name, mode, name, name));
    cluster.create(
        PERSISTENT_VOLUME_CLAIMS,
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: %s, namespace: default}
        spec:
          accessModes: [%s]
          storageClassName: ""
          volumeName: %s
          resources: {requests: {storage: 1Gi}}
        """
            .formatted(name, mode, name));
    cluster.advance(Duration.ofSeconds(1));
  }

  private void pod(String name, String node, String claim) {
    cluster.create(
        PODS,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default}
        spec:
          nodeName: %s
          terminationGracePeriodSeconds: 1
          containers: [{name: c, image: i}]
          volumes: [{name: v, persistentVolumeClaim: {claimName: %s}}]
        """
            .formatted(name, node, claim));
  }

  private List<String> attachedTo() {
    return cluster.list(ATTACHMENTS).stream()
        .map(
            each ->
                each.string("spec", "source", "persistentVolumeName")
                    + "@"
                    + each.string("spec", "nodeName"))
        .sorted()
        .toList();
  }

  private List<String> reported(String node) {
    return cluster.get(NODES, node).structs("status", "volumesAttached").stream()
        .map(each -> each.string("name"))
        .toList();
  }

  @Test
  void aVolumeIsAttachedWhereAPodUsesIt() {
    disk("data", "ReadWriteOnce");
    pod("db", "node-1", "data");
    cluster.advance(Duration.ofSeconds(5));

    Struct attachment = cluster.list(ATTACHMENTS).getFirst();
    // sha256 of the handle, the driver's name and the node's
    assertThat(Meta.of(attachment).name())
        .isEqualTo("csi-6c555b31f70b4edb6f0a5b6e6249512ed1aaf892ef7665eb14bf18b1a8de60fb");
    assertThat(attachment.struct("spec").toString())
        .isEqualTo(
            Struct.of(
                    "attacher",
                    "disks.example.com",
                    "source",
                    Struct.of("persistentVolumeName", "data"),
                    "nodeName",
                    "node-1")
                .toString());
    assertThat(reported("node-1")).containsExactly("kubernetes.io/csi/disks.example.com^h-data");
    assertThat(cluster.get(NODES, "node-1").structs("status", "volumesAttached").getFirst())
        .isEqualTo(
            Struct.of("name", "kubernetes.io/csi/disks.example.com^h-data", "devicePath", ""));
    assertThat(attacher.mountedOn("h-data")).containsExactly("node-1");
    assertThat(cluster.events("db"))
        .containsExactly(
            "SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume \"data\" ");

    cluster.delete(PODS, "db");
    cluster.advance(Duration.ofSeconds(10));

    assertThat(attachedTo()).isEmpty();
    assertThat(reported("node-1")).isEmpty();
    assertThat(attacher.faults()).isEmpty();
    assertCounted("volume_attach", "success");
    assertCounted("volume_detach", "success");
  }

  private void assertCounted(String operation, String status) {
    assertThat(cluster.counted())
        .contains(
            "storage_operation_duration_seconds_count{volume_plugin=\"kubernetes.io/csi:disks.example.com\",operation_name=\"%s\",status=\"%s\",migrated=\"false\"} "
                .formatted(operation, status));
  }

  @Test
  void volumesOfDriversThatAttachNothingCostNothing() {
    cluster.create(
        DRIVERS,
        """
        apiVersion: storage.k8s.io/v1
        kind: CSIDriver
        metadata: {name: disks.example.com}
        spec: {attachRequired: false}
        """);
    disk("data", "ReadWriteOnce");
    pod("db", "node-1", "data");
    cluster.settle();

    assertThat(attachedTo()).isEmpty();
    assertThat(cluster.events("db")).isEmpty();

    cluster.delete(DRIVERS, "disks.example.com"); // a driver that says nothing needs it
    cluster.advance(Duration.ofSeconds(5));

    assertThat(attachedTo()).containsExactly("data@node-1");
  }

  @Test
  void aNodeThatAttachesItsVolumesItselfIsLeftAlone() {
    cluster.change(NODES, "node-1", node -> node.withoutAt("metadata", "annotations", MANAGED));
    disk("data", "ReadWriteOnce");
    pod("db", "node-1", "data");
    cluster.settle();

    assertThat(attachedTo()).isEmpty();

    cluster.change(NODES, "node-1", node -> Meta.withAnnotation(node, MANAGED, "true"));
    cluster.advance(Duration.ofSeconds(5));

    assertThat(attachedTo()).containsExactly("data@node-1");
  }

  @Test
  void aVolumeForOneNodeWaitsUntilItIsFree() {
    disk("data", "ReadWriteOnce");
    pod("db", "node-1", "data");
    cluster.advance(Duration.ofSeconds(5));
    pod("other", "node-2", "data");
    cluster.settle();

    assertThat(attachedTo()).containsExactly("data@node-1");
    assertThat(cluster.events("other"))
        .containsExactly(
            "FailedAttachVolume: Multi-Attach error for volume \"data\" "
                + "Volume is already used by pod(s) db");

    cluster.delete(PODS, "db");
    cluster.settle();

    assertThat(attachedTo()).containsExactly("data@node-2");
    assertThat(attacher.mountedOn("h-data")).containsExactly("node-2");
    assertThat(attacher.faults()).isEmpty();
  }

  @Test
  void aVolumeThatIsNotGivenBackIsSaidToBeAttachedElsewhere() {
    disk("data", "ReadWriteOncePod");
    pod("db", "node-1", "data");
    cluster.advance(Duration.ofSeconds(5));
    attacher.lose("node-1");
    cluster.delete(PODS, "db");
    cluster.settle();
    pod("other", "node-2", "data");
    cluster.settle();

    assertThat(attachedTo()).containsExactly("data@node-1");
    assertThat(cluster.events("other"))
        .containsExactly(
            "FailedAttachVolume: Multi-Attach error for volume \"data\" Volume is already"
                + " exclusively attached to one node and can't be attached to another");
  }

  @Test
  void aVolumeForManyNodesIsAttachedToEach() {
    disk("shared", "ReadWriteMany");
    pod("one", "node-1", "shared");
    pod("two", "node-2", "shared");
    cluster.settle();

    assertThat(attachedTo()).containsExactly("shared@node-1", "shared@node-2");
  }

  @Test
  void aNodeThatIsLostLosesItsVolumesAfterSixMinutes() {
    disk("data", "ReadWriteOnce");
    pod("db", "node-1", "data");
    cluster.advance(Duration.ofSeconds(5));
    cluster.kubelet.lose("node-1");
    attacher.powerOff("node-1");
    cluster.advance(Duration.ofMinutes(2));
    cluster.delete(PODS, "db", DeleteOptions.withGrace(0));
    cluster.advance(Duration.ofMinutes(5));

    assertThat(attachedTo()).containsExactly("data@node-1");

    cluster.advance(Duration.ofSeconds(61));

    assertThat(attachedTo()).isEmpty();
    assertThat(cluster.counted())
        .contains(
            "attach_detach_controller_attachdetach_controller_forced_detaches{reason=\"timeout\"} 1");
  }

  @Test
  void aNodeOutOfServiceLosesItsVolumesAtOnce() {
    disk("data", "ReadWriteOnce");
    pod("db", "node-1", "data");
    cluster.advance(Duration.ofSeconds(5));
    cluster.kubelet.lose("node-1");
    attacher.powerOff("node-1");
    cluster.advance(Duration.ofMinutes(2));
    cluster.delete(PODS, "db");
    cluster.settle();
    assertThat(attachedTo()).containsExactly("data@node-1");

    Struct taint =
        Struct.of("key", "node.kubernetes.io/out-of-service", "value", "x", "effect", "NoExecute");
    cluster.change(NODES, "node-1", node -> node.withAt(List.of(taint), "spec", "taints"));
    pod("next", "node-2", "data");
    cluster.settle();

    assertThat(attachedTo()).containsExactly("data@node-2");
    assertThat(cluster.counted()).contains("forced_detaches{reason=\"out-of-service\"} 1");
  }

  @Test
  void podsAreToldWhyADriverFails() {
    attacher.fail("no such disk");
    disk("data", "ReadWriteOnce");
    pod("db", "node-1", "data");
    cluster.advance(Duration.ofSeconds(5));

    assertThat(cluster.events("db"))
        .containsExactly(
            "FailedAttachVolume: AttachVolume.Attach failed for volume \"data\" : no such disk");

    attacher.fail("");
    cluster.advance(Duration.ofSeconds(5));

    assertThat(cluster.events("db"))
        .contains("SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume \"data\" ");
    assertCounted("volume_attach", "fail-unknown");
    assertCounted("volume_attach", "success");
  }

  @Test
  void podsAreToldThatADriverIsSilent() {
    attacher.work(false);
    disk("data", "ReadWriteOnce");
    pod("db", "node-1", "data");
    cluster.advance(Duration.ofSeconds(119));
    assertThat(cluster.events("db")).isEmpty();

    cluster.advance(Duration.ofSeconds(2));

    assertThat(cluster.events("db"))
        .containsExactly(
            "FailedAttachVolume: AttachVolume.Attach failed for volume \"data\" : timed out waiting"
                + " for external-attacher of disks.example.com CSI driver to attach volume h-data");
  }

  @Test
  void aControllerThatStartsAnewGoesOnFromTheAttachments() {
    disk("data", "ReadWriteOnce");
    pod("db", "node-1", "data");
    cluster.advance(Duration.ofSeconds(5));
    cluster.stopControllers();
    cluster.delete(PODS, "db");
    cluster.advance(Duration.ofSeconds(5));
    assertThat(attachedTo()).containsExactly("data@node-1");

    cluster.restartControllers();
    cluster.advance(Duration.ofSeconds(5));

    assertThat(attachedTo()).isEmpty();
    assertThat(reported("node-1")).isEmpty();
  }

  /// The volume's object may go before its attachment does.
  @Test
  void anAttachmentWhoseVolumeIsGoneGoesToo() {
    disk("data", "ReadWriteOnce");
    pod("db", "node-1", "data");
    cluster.advance(Duration.ofSeconds(5));
    cluster.stopControllers();
    cluster.delete(PODS, "db");
    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "data");
    cluster.delete(PERSISTENT_VOLUMES, "data");
    cluster.change(
        PERSISTENT_VOLUMES, "data", each -> each.withAt(List.of(), "metadata", "finalizers"));
    String foreign =
        """
        apiVersion: storage.k8s.io/v1
        kind: VolumeAttachment
        metadata: {name: made-elsewhere}
        spec:
          attacher: other.example.com
          nodeName: node-1
          source: {persistentVolumeName: data}
        """;
    cluster.create(ATTACHMENTS, foreign);
    cluster.restartControllers();
    cluster.settle();

    assertThat(cluster.names(ATTACHMENTS)).containsExactly("made-elsewhere");
    assertThat(reported("node-1")).isEmpty();
  }

  private static LongStream seeds() {
    return LongStream.rangeClosed(1, Rounds.of("tiphys.attachers", 10));
  }

  /// Pods come and go, requests and answers are lost, controllers start anew. Another number of
  /// seeds: `-Dtiphys.attachers=300`.
  @ParameterizedTest
  @MethodSource("seeds")
  void whateverHappensNoDiskIsAttachedTwiceOrDetachedInUse(long seed) {
    close();
    cluster = new TestCluster(seed, ControllerSettings.DEFAULT, new Faults(0.1, 0.1));
    attacher = attacher();
    SplittableRandom chance = new SplittableRandom(seed);
    List<String> disks = List.of("a", "b", "shared");
    for (String disk : disks) {
      disk(disk, disk.equals("shared") ? "ReadWriteMany" : "ReadWriteOnce");
    }
    cluster.settle();
    for (int i = 0; i < 60; i++) {
      switch (chance.nextInt(8)) {
        case 0, 1, 2, 3 ->
            pod(
                "pod-" + i,
                TestKubelet.NODES.get(chance.nextInt(3)),
                disks.get(chance.nextInt(disks.size())));
        case 4, 5, 6 -> {
          List<String> pods = cluster.names(PODS);
          if (!pods.isEmpty()) {
            cluster.delete(PODS, pods.get(chance.nextInt(pods.size())));
          }
        }
        default -> cluster.restartControllers();
      }
      cluster.advance(Duration.ofMillis(chance.nextInt(3000)));
    }
    cluster.advance(Duration.ofMinutes(5));
    assertThat(attacher.faults()).isEmpty();
    for (String disk : disks) {
      boolean used =
          cluster.list(PODS).stream()
              .anyMatch(
                  pod ->
                      pod.structs("spec", "volumes").stream()
                          .anyMatch(
                              each ->
                                  each.string("persistentVolumeClaim", "claimName").equals(disk)));
      assertThat(attacher.mountedOn("h-" + disk).isEmpty()).as(disk).isEqualTo(!used);
    }

    cluster.names(PODS).forEach(pod -> cluster.delete(PODS, pod));
    cluster.advance(Duration.ofMinutes(10));

    assertThat(attacher.faults()).isEmpty();
    assertThat(attachedTo()).isEmpty();
    TestKubelet.NODES.forEach(node -> assertThat(reported(node)).isEmpty());
  }
}
