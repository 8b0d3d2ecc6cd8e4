package dev.tiphys.delivery;

import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.LEASES;
import static dev.tiphys.delivery.model.DeliveryResources.ROLLOUTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadTest {

  private final RolloutCluster it = new RolloutCluster(1);

  @AfterEach
  void close() {
    it.close();
  }

  private void follow(String scaleDown) {
    it.cluster.create(
        DEPLOYMENTS,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: old, namespace: default}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: app, image: "web:1"}]}
        """);
    it.settle();
    it.cluster.create(
        ROLLOUTS,
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web, namespace: default}
        spec:
          replicas: 3
          workloadRef: {apiVersion: apps/v1, kind: Deployment, name: old, scaleDown: %s}
          strategy: {canary: {}}
        """
            .formatted(scaleDown));
    it.settle();
  }

  @ParameterizedTest
  @CsvSource({"never, 3", "onsuccess, 0", "progressively, 0"})
  void theTemplateOfADeploymentIsUsed(String scaleDown, long left) {
    follow(scaleDown);
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.cluster.get(DEPLOYMENTS, "old").integer("spec", "replicas")).isEqualTo(left);
    assertThat(it.status().string("workloadObservedGeneration")).isNotEmpty();
    assertThat(Meta.of(it.get()).annotation("rollout.argoproj.io/workload-generation"))
        .isNotEmpty();
    it.cluster.change(
        DEPLOYMENTS,
        "old",
        deployment ->
            deployment.withAt(
                List.of(Struct.of("name", "app", "image", "web:2")),
                "spec",
                "template",
                "spec",
                "containers"));
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(Meta.of(it.get()).annotation("rollout.argoproj.io/revision")).isEqualTo("2");
  }

  @Test
  void aWorkloadThatIsMissingIsTold() {
    follow("never");
    it.cluster.delete(DEPLOYMENTS, "old");
    it.settle();
    assertThat(it.phase()).endsWith("workload Deployment \"old\" not found");
  }

  @Test
  void anotherControllerIsLeftInCharge() {
    it.rollout(2, "canary: {}");
    String now = Timestamps.micros(it.cluster.world.now());
    it.cluster.create(
        ApiResource.NAMESPACES,
        "{apiVersion: v1, kind: Namespace, metadata: {name: argo-rollouts}}");
    it.cluster.create(
        LEASES,
        """
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: argo-rollouts-controller-lock, namespace: argo-rollouts}
        spec: {holderIdentity: theirs, leaseDurationSeconds: 15, renewTime: "%s"}
        """
            .formatted(now));
    it.advance(1);
    it.image("web:2");
    it.advance(5);
    assertThat(it.sets()).hasSize(1);
    assertThat(it.events())
        .contains("LeftToOther: Another controller is in charge: argo-rollouts/theirs");
    it.advance(60);
    assertThat(it.sets()).hasSize(2); // it did not renew its Lease
    assertThat(it.phase()).isEqualTo("Healthy");
  }
}
