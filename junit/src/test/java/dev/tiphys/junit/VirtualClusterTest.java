package dev.tiphys.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.node.simulated.SimulatedNodes;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A whole cluster lives through hours, and no test waits a second.
class VirtualClusterTest {

  private static String deployment(String name, int replicas, String annotations) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: NAME, namespace: default}
    spec:
      replicas: REPLICAS
      selector: {matchLabels: {app: NAME}}
      template:
        metadata:
          labels: {app: NAME}
          annotations: {ANNOTATIONS}
        spec:
          containers: [{name: c, image: "one:1"}]
    """
        .replace("NAME", name)
        .replace("REPLICAS", Integer.toString(replicas))
        .replace("ANNOTATIONS", annotations);
  }

  private static Struct deployment(VirtualCluster cluster, String name) {
    return cluster.api().get(ApiResource.DEPLOYMENTS, "default", name);
  }

  private static void changeImage(VirtualCluster cluster, String name, String image) {
    Struct patch =
        Struct.of(
            "spec",
            Struct.of(
                "template",
                Struct.of(
                    "spec",
                    Struct.of("containers", List.of(Struct.of("name", "c", "image", image))))));
    cluster.api().patch(ApiResource.DEPLOYMENTS, "default", name, "", PatchType.STRATEGIC, patch);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aRolloutComesToRestInWhateverOrderThingsHappen(long seed) {
    try (VirtualCluster cluster = new VirtualCluster(seed)) {
      cluster.startNodes("simulated-", 3);
      cluster.create(ApiResource.DEPLOYMENTS, deployment("web", 5, ""));
      cluster.awaitQuiescent();

      changeImage(cluster, "web", "two:2");
      cluster.awaitQuiescent();

      Struct status = deployment(cluster, "web").struct("status");
      assertThat(status.integer("updatedReplicas")).isEqualTo(5);
      assertThat(status.integer("availableReplicas")).isEqualTo(5);
      assertThat(status.integer("replicas")).isEqualTo(5);
      assertThat(cluster.objects(ApiResource.PODS, "web-"))
          .hasSize(5)
          .allSatisfy(
              pod -> {
                assertThat(pod.string("status", "phase")).isEqualTo("Running");
                assertThat(pod.structs("spec", "containers").getFirst().string("image"))
                    .isEqualTo("two:2");
              });
    }
  }

  @Test
  void theDeadlineOfARolloutPasses() {
    try (VirtualCluster cluster = new VirtualCluster(1)) {
      cluster.startNodes("simulated-", 1);
      cluster.create(
          ApiResource.DEPLOYMENTS,
          deployment("slow", 1, "simulated.tiphys.dev/ready-after-seconds: '999999'"));

      cluster.advance(Duration.ofSeconds(590));
      assertThat(progress(cluster).string("reason")).isEqualTo("ReplicaSetUpdated");
      cluster.advance(Duration.ofSeconds(20));

      assertThat(progress(cluster).string("status")).isEqualTo("False");
      assertThat(progress(cluster).string("reason")).isEqualTo("ProgressDeadlineExceeded");
    }
  }

  private static Struct progress(VirtualCluster cluster) {
    Struct condition = Meta.condition(deployment(cluster, "slow"), "Progressing");
    assertThat(condition).isNotNull();
    return condition;
  }

  @Test
  void aContainerThatFailsIsTriedLessAndLessOften() {
    try (VirtualCluster cluster = new VirtualCluster(1)) {
      cluster.startNodes("simulated-", 1);
      cluster.create(
          ApiResource.DEPLOYMENTS, deployment("failing", 1, "simulated.tiphys.dev/exit-code: '1'"));

      cluster.advance(Duration.ofSeconds(5));
      assertThat(restarts(cluster)).isEqualTo(1);
      cluster.advance(Duration.ofSeconds(10)); // the first wait is over, the next takes 20 s
      assertThat(restarts(cluster)).isEqualTo(2);
      cluster.advance(Duration.ofSeconds(10));
      assertThat(restarts(cluster)).isEqualTo(2);
      cluster.advance(Duration.ofHours(1)); // waits no longer than 5 minutes
      assertThat(restarts(cluster)).isBetween(12L, 20L);
    }
  }

  private static long restarts(VirtualCluster cluster) {
    Struct pod = cluster.objects(ApiResource.PODS, "failing-").findFirst().orElseThrow();
    return pod.structs("status", "containerStatuses").getFirst().integer("restartCount");
  }

  @Test
  void thePodsOfANodeThatDiesMoveToAnother() {
    try (VirtualCluster cluster = new VirtualCluster(1)) {
      SimulatedNodes dying = cluster.startNodes("dying-", 1);
      cluster.create(ApiResource.DEPLOYMENTS, deployment("moving", 2, ""));
      cluster.awaitQuiescent();
      cluster.startNodes("living-", 1);
      Instant death = cluster.world().now();

      dying.close();

      cluster.advance(Duration.ofSeconds(60));
      Struct node = cluster.api().get(ApiResource.NODES, "", "dying-0");
      Struct ready = Meta.condition(node, "Ready");
      assertThat(ready).isNotNull();
      assertThat(ready.string("status")).isEqualTo("Unknown");
      assertThat(ready.string("reason")).isEqualTo("NodeStatusUnknown");
      assertThat(node.structs("spec", "taints"))
          .extracting(taint -> taint.string("key"))
          .contains("node.kubernetes.io/unreachable");
      cluster.advance(Duration.ofMinutes(6));
      assertThat(
              cluster
                  .objects(ApiResource.PODS, "moving-")
                  .filter(pod -> !Meta.of(pod).isBeingDeleted()))
          .hasSize(2)
          .allSatisfy(
              pod -> {
                assertThat(pod.string("spec", "nodeName")).isEqualTo("living-0");
                assertThat(pod.string("status", "phase")).isEqualTo("Running");
              });
      assertThat(deployment(cluster, "moving").integer("status", "availableReplicas")).isEqualTo(2);
      assertThat(cluster.world().now()).isEqualTo(death.plusSeconds(420));
    }
  }
}
