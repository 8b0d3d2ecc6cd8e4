package dev.tiphys.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.object.Struct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutedCanaryTest {

  private RolloutCluster it;

  @BeforeEach
  void start() {
    it = new RolloutCluster(1);
    it.service("stable");
    it.service("canary");
  }

  @AfterEach
  void close() {
    it.close();
  }

  private void rollout(int replicas, String steps, String more) {
    it.rollout(
        replicas,
        """
        canary:
          stableService: stable
          canaryService: canary
          trafficRouting: {plugins: {test: {}}, managedRoutes: [{name: header}]}
          steps: %s
        %s"""
            .formatted(steps, more.indent(2)));
  }

  @Test
  void trafficFollowsThePodsAndPodsFollowTheTraffic() {
    rollout(5, "[{setWeight: 20}, {pause: {}}, {setWeight: 60}, {pause: {}}]", "");
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.served("stable")).isEqualTo("web:1");
    it.image("web:2");
    it.settle();
    assertThat(it.router.weight).isEqualTo(20);
    assertThat(it.size("web:1")).isEqualTo(5);
    assertThat(it.size("web:2")).isEqualTo(1);
    assertThat(it.served("canary")).isEqualTo("web:2");
    assertThat(it.status().struct("canary", "weights").toString())
        .isEqualTo(
            """
            {"canary":{"podTemplateHash":"%s","serviceName":"canary","weight":20},\
            "stable":{"podTemplateHash":"%s","serviceName":"stable","weight":80},"verified":true}"""
                .formatted(it.of("web:2").hash(), it.of("web:1").hash()));
    it.promote();
    it.settle();
    assertThat(it.router.weight).isEqualTo(60);
    assertThat(it.size("web:2")).isEqualTo(3);
    it.promote();
    it.advance(20);
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.router.weight).isZero();
    assertThat(it.served("stable")).isEqualTo("web:2");
    assertThat(it.size("web:1")).isEqualTo(5);
    it.settle();
    assertThat(it.size("web:1")).isZero();
    assertThat(it.events())
        .contains(
            "TrafficWeightUpdated: Traffic weight updated from 0 to 20",
            "TrafficWeightUpdated: Traffic weight updated from 20 to 60",
            "TrafficWeightUpdated: Traffic weight updated from 60 to 100",
            "TrafficWeightUpdated: Traffic weight updated from 100 to 0");
  }

  @Test
  void theCanaryServiceMovesOnlyToPodsThatServe() { // argo-rollouts 1026
    rollout(5, "[{setWeight: 20}, {pause: {}}]", "");
    it.breakImages("web:2");
    it.image("web:2");
    it.settle();
    assertThat(it.served("canary")).isEqualTo("web:1");
    assertThat(it.router.weight).isZero();
    it.breakImages();
    it.settle();
    assertThat(it.served("canary")).isEqualTo("web:2");
    it.abort();
    it.advance(2);
    assertThat(it.served("canary")).isEqualTo("web:1"); // argo-rollouts 2781
  }

  @Test
  void anUpdateThatIsGivenUpLosesItsTrafficAtOnceAndItsPodsLater() {
    rollout(5, "[{setWeight: 60}, {pause: {}}]", "");
    it.image("web:2");
    it.settle();
    it.abort();
    it.advance(2);
    assertThat(it.router.weight).isZero();
    assertThat(it.size("web:2")).isEqualTo(3);
    it.settle();
    assertThat(it.size("web:2")).isZero();
    assertThat(it.size("web:1")).isEqualTo(5);
  }

  @Test
  void theStableVersionShrinksAsItsShareDoes() {
    rollout(
        10,
        "[{setWeight: 40}, {pause: {}}, {setWeight: 100}, {pause: {}}]",
        "dynamicStableScale: true");
    it.image("web:2");
    it.settle();
    assertThat(it.size("web:1")).isEqualTo(6);
    assertThat(it.size("web:2")).isEqualTo(4);
    it.promote();
    it.settle();
    assertThat(it.router.weight).isEqualTo(100);
    assertThat(it.size("web:1")).isZero();
    it.abort();
    it.settle();
    assertThat(it.router.weight).isZero();
    assertThat(it.size("web:1")).isEqualTo(10);
    assertThat(it.served("canary")).isEqualTo("web:1");
    it.settle();
    assertThat(it.size("web:2")).isZero();
  }

  @Test
  void theWayBackWaitsForTheStableVersionToGrow() { // argo-rollouts 3078
    rollout(10, "[{setWeight: 80}, {pause: {}}]", "dynamicStableScale: true");
    it.image("web:2");
    it.settle();
    assertThat(it.size("web:1")).isEqualTo(2);
    it.breakImages("web:1");
    it.image("web:1");
    it.settle();
    assertThat(it.served("canary")).isEqualTo("web:2");
    assertThat(it.router.weight).isEqualTo(80);
    assertThat(it.size("web:2")).isEqualTo(8);
    it.breakImages();
    it.settle();
    assertThat(it.router.weight).isZero();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.size("web:1")).isEqualTo(10);
    it.settle();
    assertThat(it.size("web:2")).isZero();
  }

  @Test
  void aThirdVersionWaitsUntilTheSecondOneHasNoTraffic() {
    rollout(10, "[{setWeight: 60}, {pause: {}}]", "dynamicStableScale: true");
    it.image("web:2");
    it.settle();
    it.breakImages("web:1");
    it.image("web:3");
    it.advance(10);
    assertThat(it.router.weight).isEqualTo(60);
    assertThat(it.served("canary")).isEqualTo("web:2");
    assertThat(it.size("web:2")).isGreaterThanOrEqualTo(6);
    it.breakImages();
    it.settle();
    it.settle();
    assertThat(it.served("canary")).isEqualTo("web:3");
    assertThat(it.router.weight).isEqualTo(60);
    assertThat(it.size("web:2")).isZero();
  }

  @Test
  void theOldVersionKeepsItsPodsWhileAServiceSelectsThem() { // argo-rollouts 2050
    rollout(4, "[{setWeight: 50}]", "scaleDownDelaySeconds: 5");
    it.cluster.kubelet.letWork(
        pod ->
            !RolloutCluster.imageOf(pod.struct("spec")).equals("web:2") || it.router.weight < 100);
    it.image("web:2");
    it.settle();
    it.settle();
    assertThat(it.served("stable")).isEqualTo("web:2");
    assertThat(it.size("web:1")).isZero();
  }

  @Test
  void aSizeOfItsOwnDoesNotFollowTheShare() {
    rollout(
        10,
        "[{setCanaryScale: {replicas: 3}}, {pause: {}}, {setCanaryScale: {matchTrafficWeight: true}},"
            + " {setWeight: 10}, {pause: {}}]",
        "");
    it.image("web:2");
    it.settle();
    assertThat(it.size("web:2")).isEqualTo(3);
    assertThat(it.router.weight).isZero();
    it.promote();
    it.settle();
    assertThat(it.size("web:2")).isEqualTo(1);
    assertThat(it.router.weight).isEqualTo(10);
    assertThat(it.events())
        .contains("RolloutStepCompleted: Rollout step 1/5 completed (setCanaryScale{replicas: 3})");
  }

  @Test
  void twoServicesTakeTurns() {
    it.service("ping");
    it.service("pong");
    it.rollout(
        2,
        """
        canary:
          pingPong: {pingService: ping, pongService: pong}
          trafficRouting: {plugins: {test: {}}}
          steps: [{setWeight: 50}, {pause: {}}]
        """);
    assertThat(it.served("ping")).isEqualTo("web:1");
    it.image("web:2");
    it.settle();
    assertThat(it.served("pong")).isEqualTo("web:2");
    assertThat(it.router.canaryService).isEqualTo("pong");
    it.promote();
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.router.stableService).isEqualTo("pong");
    assertThat(it.router.weight).isZero();
    assertThat(it.served("pong")).isEqualTo("web:2");
    assertThat(it.status().string("canary", "stablePingPong")).isEqualTo("pong");
  }

  @Test
  void nothingIsPromotedBeforeItsShareIsInForce() {
    rollout(2, "[{setWeight: 50}]", "");
    it.router.quick = false;
    it.image("web:2");
    it.settle();
    assertThat(it.status().integer("currentStepIndex")).isZero();
    it.router.quick = true;
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
  }

  @Test
  void aServiceThatNoLongerSelectsWhatServesIsTold() { // argo-rollouts 4371
    rollout(2, "[{setWeight: 50}]", "");
    it.cluster.change(
        ApiResource.SERVICES, "stable", s -> s.withAt("new", "spec", "selector", "tier"));
    it.settle();
    assertThat(it.phase()).endsWith("Service \"stable\" has unmatch label \"tier\" in rollout");
    it.set("new", "spec", "template", "metadata", "labels", "tier");
    it.settle();
    assertThat(it.phase())
        .endsWith("Service \"stable\" has unmatch label \"tier\" in stable ReplicaSet");
    assertThat(it.sets()).hasSize(1);
    it.cluster.change(ApiResource.SERVICES, "stable", s -> s.withoutAt("spec", "selector", "tier"));
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.cluster.get(ApiResource.SERVICES, "stable").struct("spec", "selector"))
        .isEqualTo(Struct.of("app", "web", Labels.HASH, it.status().string("stableRS")));
  }
}
