package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUMES;
import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUME_CLAIMS;
import static dev.tiphys.client.ApiResource.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectionTest {

  private static final ApiResource CLASSES =
      new ApiResource(
          new GroupVersion("storage.k8s.io", "v1"),
          "volumeattributesclasses",
          "VolumeAttributesClass",
          false);

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private Struct claim(String name, String more) {
    return cluster.create(
        PERSISTENT_VOLUME_CLAIMS,
        "{metadata: {name: %s, namespace: default}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}%s}}"
            .formatted(name, more));
  }

  private boolean exists(ApiResource resource, String name) {
    cluster.settle();
    return cluster.api.find(resource, resource.namespaced() ? "default" : "", name) != null;
  }

  @Test
  void aClaimStaysUntilNoPodUsesIt() {
    assertThat(Meta.of(claim("c", "")).finalizers())
        .containsExactly("kubernetes.io/pvc-protection");
    claim("d", "");
    cluster.create(
        PODS,
        """
        metadata: {name: p, namespace: default}
        spec:
          terminationGracePeriodSeconds: 0
          nodeName: node-0
          containers: [{name: c, image: i}]
          volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]
        """);

    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "c");
    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "d");

    assertThat(exists(PERSISTENT_VOLUME_CLAIMS, "c")).isTrue();
    assertThat(exists(PERSISTENT_VOLUME_CLAIMS, "d")).isFalse();
    cluster.delete(PODS, "p");
    assertThat(exists(PERSISTENT_VOLUME_CLAIMS, "c")).isFalse();
  }

  /// kubernetes/kubernetes#92598: a Pod that has ended holds its claims until it is gone; one that
  /// never had a node holds none.
  @Test
  void aPodThatHasEndedStillHoldsItsClaim() {
    claim("c", "");
    claim("d", "");
    cluster.kubelet.letExit(_ -> 0);
    cluster.create(
        PODS,
        """
        metadata: {name: ended, namespace: default}
        spec:
          terminationGracePeriodSeconds: 0
          restartPolicy: Never
          nodeName: node-0
          containers: [{name: c, image: i}]
          volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]
        """);
    cluster.settle();
    assertThat(cluster.get(PODS, "ended").string("status", "phase")).isEqualTo("Succeeded");
    TestKubelet.NODES.forEach(cluster.kubelet::lose); // nothing gives the next Pod a node
    cluster.create(
        PODS,
        """
        metadata: {name: waiting, namespace: default}
        spec:
          containers: [{name: c, image: i}]
          volumes: [{name: v, persistentVolumeClaim: {claimName: d}}]
        """);

    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "c");
    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "d");
    cluster.advance(Duration.ofSeconds(5));

    assertThat(exists(PERSISTENT_VOLUME_CLAIMS, "c")).isTrue();
    assertThat(exists(PERSISTENT_VOLUME_CLAIMS, "d")).isFalse();
    cluster.delete(PODS, "ended", DeleteOptions.withGrace(0));
    cluster.advance(Duration.ofSeconds(5));
    assertThat(exists(PERSISTENT_VOLUME_CLAIMS, "c")).isFalse();
  }

  @Test
  void aVolumeStaysWhileItIsBound() {
    cluster.create(
        PERSISTENT_VOLUMES,
        "{metadata: {name: v}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /x}}}");
    claim("c", ", storageClassName: ''");
    cluster.settle();

    cluster.delete(PERSISTENT_VOLUMES, "v");

    assertThat(exists(PERSISTENT_VOLUMES, "v")).isTrue();
    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "c");
    cluster.settle();
    assertThat(exists(PERSISTENT_VOLUMES, "v")).isFalse();
  }

  /// kubernetes-csi/external-provisioner#546: the volume deleted before its claim. It waits, and is
  /// then given back as its policy says: what made it still holds it to delete the storage.
  @ParameterizedTest
  @ValueSource(strings = {"Delete", "Retain"})
  void aVolumeThatIsDeletedBeforeItsClaimIsStillGivenBack(String policy) {
    cluster.create(
        PERSISTENT_VOLUMES,
        """
        metadata:
          name: v
          annotations: {pv.kubernetes.io/provisioned-by: disks.example.com}
          finalizers: [external-provisioner.volume.kubernetes.io/finalizer]
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          persistentVolumeReclaimPolicy: %s
          csi: {driver: disks.example.com, volumeHandle: h}
        """
            .formatted(policy));
    claim("c", ", storageClassName: ''");
    cluster.settle();

    cluster.delete(PERSISTENT_VOLUMES, "v");
    cluster.settle();
    Struct waiting = cluster.get(PERSISTENT_VOLUMES, "v");
    assertThat(Meta.of(waiting).isBeingDeleted()).isTrue();
    assertThat(waiting.string("status", "phase")).isEqualTo("Bound");

    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "c");
    cluster.settle();
    Struct released = cluster.get(PERSISTENT_VOLUMES, "v");
    assertThat(released.string("status", "phase")).isEqualTo("Released");
    assertThat(Meta.of(released).finalizers())
        .containsExactly("external-provisioner.volume.kubernetes.io/finalizer");
  }

  @Test
  void aClassStaysWhileClaimsHaveIt() {
    cluster.create(
        CLASSES, "{metadata: {name: gold}, driverName: d.example.com, parameters: {iops: '5'}}");
    claim("c", ", volumeAttributesClassName: gold");
    cluster.settle();

    cluster.delete(CLASSES, "gold");

    assertThat(exists(CLASSES, "gold")).isTrue();
    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "c");
    assertThat(exists(PERSISTENT_VOLUME_CLAIMS, "c")).isFalse();
    assertThat(exists(CLASSES, "gold")).isFalse();
  }

  @Test
  void whatWasMadeWithoutTheFinalizerGetsIt() {
    Struct made = claim("c", "");
    cluster.api.update(PERSISTENT_VOLUME_CLAIMS, made.withAt(List.of(), "metadata", "finalizers"));
    cluster.settle();

    assertThat(Meta.of(cluster.get(PERSISTENT_VOLUME_CLAIMS, "c")).finalizers())
        .containsExactly("kubernetes.io/pvc-protection");
  }
}
