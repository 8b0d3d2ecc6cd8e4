package dev.tiphys.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A group of Pods stays until none of them runs any more.
class PodGroupProtectionTest {

  private static final ApiResource GROUPS =
      new ApiResource(
          GroupVersion.parse("scheduling.k8s.io/v1alpha2"), "podgroups", "PodGroup", true);

  private final TestCluster cluster =
      new TestCluster(
          1, ControllerSettings.DEFAULT.withFeatures(FeatureGates.parse("GenericWorkload=true")));

  @AfterEach
  void close() {
    cluster.close();
  }

  private void deleteGroup() {
    cluster.create(
        GROUPS,
        """
        apiVersion: scheduling.k8s.io/v1alpha2
        kind: PodGroup
        metadata: {name: workers, namespace: default}
        spec: {schedulingPolicy: {basic: {}}}
        """);
    cluster.advance(Duration.ofSeconds(1));
    cluster.api.delete(GROUPS, "default", "workers", DeleteOptions.DEFAULT);
    cluster.advance(Duration.ofSeconds(1));
  }

  @Test
  void aGroupOfPodsThatRunIsKept() {
    cluster.create(
        ApiResource.PODS,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: default}
        spec:
          schedulingGroup: {podGroupName: workers}
          containers: [{name: app, image: "web:1"}]
        """);
    deleteGroup();
    assertThat(cluster.names(GROUPS)).containsExactly("workers");
    cluster.api.delete(ApiResource.PODS, "default", "web", DeleteOptions.withGrace(0));
    cluster.advance(Duration.ofSeconds(5));

    assertThat(cluster.names(GROUPS)).isEmpty();
  }

  @Test
  void aGroupWithoutPodsGoesAtOnce() {
    deleteGroup();

    assertThat(cluster.names(GROUPS)).isEmpty();
  }
}
