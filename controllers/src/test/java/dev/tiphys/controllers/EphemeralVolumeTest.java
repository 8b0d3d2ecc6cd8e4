package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUME_CLAIMS;
import static dev.tiphys.client.ApiResource.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EphemeralVolumeTest {

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: default}
      spec:
        containers: [{name: app, image: "web:1"}]
        volumes:
        - name: scratch
          ephemeral:
            volumeClaimTemplate:
              metadata: {labels: {kind: scratch}, annotations: {note: x}}
              spec:
                accessModes: [ReadWriteOnce]
                storageClassName: fast
                resources: {requests: {storage: 1Gi}}
        - name: plain
          emptyDir: {}
      """;

  private static final String FOREIGN =
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: web-scratch, namespace: default}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 5Gi}}}
      """;

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void aClaimIsMadeFromTheTemplateAndGoesWithThePod() {
    Struct pod = cluster.create(PODS, POD);
    cluster.settle();

    assertThat(cluster.names(PERSISTENT_VOLUME_CLAIMS)).containsExactly("web-scratch");
    Struct claim = cluster.get(PERSISTENT_VOLUME_CLAIMS, "web-scratch");
    assertThat(Meta.of(claim).controller()).isEqualTo(Meta.of(pod).asController());
    assertThat(Meta.of(claim).label("kind")).isEqualTo("scratch");
    assertThat(Meta.of(claim).annotation("note")).isEqualTo("x");
    assertThat(claim.string("spec", "storageClassName")).isEqualTo("fast");

    cluster.delete(PODS, "web");
    cluster.settle();
    assertThat(cluster.names(PERSISTENT_VOLUME_CLAIMS)).isEmpty();
  }

  @Test
  void aClaimThatIsDeletedIsMadeAgain() {
    cluster.kubelet.letWork(_ -> false);
    TestKubelet.NODES.forEach(cluster.kubelet::lose); // a Pod that is not bound holds no claim
    cluster.create(PODS, POD);
    cluster.advance(Duration.ofSeconds(5));
    String first = Meta.of(cluster.get(PERSISTENT_VOLUME_CLAIMS, "web-scratch")).uid();

    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "web-scratch");
    cluster.advance(Duration.ofSeconds(5));

    assertThat(Meta.of(cluster.get(PERSISTENT_VOLUME_CLAIMS, "web-scratch")).uid())
        .isNotEqualTo(first);
  }

  @Test
  void aClaimOfAnotherIsLeftAloneAndThePodWaitsUntilItIsGone() {
    cluster.create(PERSISTENT_VOLUME_CLAIMS, FOREIGN);
    TestKubelet.NODES.forEach(cluster.kubelet::lose);
    Struct pod = cluster.create(PODS, POD);
    cluster.advance(Duration.ofSeconds(5));

    assertThat(Meta.of(cluster.get(PERSISTENT_VOLUME_CLAIMS, "web-scratch")).owners()).isEmpty();
    assertThat(cluster.events("web"))
        .contains(
            "FailedBinding: ephemeral volume scratch: PVC default/web-scratch was not created for"
                + " pod default/web (pod is not owner)");

    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "web-scratch", DeleteOptions.DEFAULT);
    cluster.advance(Duration.ofSeconds(5));
    assertThat(
            Meta.of(cluster.get(PERSISTENT_VOLUME_CLAIMS, "web-scratch"))
                .isControlledBy(Meta.of(pod).uid()))
        .isTrue();
  }

  @Seeds(3)
  void lostRequestsAreMadeUpFor(long seed) {
    try (TestCluster other =
        new TestCluster(seed, ControllerSettings.DEFAULT, new Faults(0.4, 0.3))) {
      other.create(PODS, POD);
      other.settle();
      assertThat(other.names(PERSISTENT_VOLUME_CLAIMS)).containsExactly("web-scratch");
    }
  }
}
