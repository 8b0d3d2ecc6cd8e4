package dev.tiphys.delivery;

import static dev.tiphys.client.ApiResource.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.object.Struct;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which ReplicaSet is that of a template.
class TemplateMatchingTest {

  private final RolloutCluster it = new RolloutCluster(1);

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void aReplicaSetOfAnotherControllerIsTakenOverWithoutARoll() {
    it.cluster.create(
        REPLICA_SETS,
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: web-theirs
          namespace: default
          labels: {app: web, rollouts-pod-template-hash: theirs}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web, rollouts-pod-template-hash: theirs}}
          template:
            metadata: {labels: {app: web, rollouts-pod-template-hash: theirs}}
            spec: {containers: [{name: app, image: "web:1"}]}
        """);
    it.settle();
    it.rollout(2, "canary: {}");
    assertThat(it.sets()).extracting(ReplicaSet::name).containsExactly("web-theirs");
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.status().string("stableRS")).isEqualTo("theirs");
  }

  @Test
  void writingATemplateInAnotherWayRollsNothing() {
    it.rollout(2, "canary: {}");
    it.set(
        List.of(Struct.of("name", "app", "image", "web:1", "imagePullPolicy", "IfNotPresent")),
        "spec",
        "template",
        "spec",
        "containers");
    it.settle();
    assertThat(it.sets()).hasSize(1);
    assertThat(it.phase()).isEqualTo("Healthy");
  }

  @Test
  void podsOfANewVersionKeepAwayFromThoseOfTheStableOne() {
    it.service("active");
    it.rollout(
        1,
        """
        blueGreen:
          activeService: active
          autoPromotionEnabled: false
          antiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {}}
        """);
    it.image("web:2");
    it.settle();
    Struct affinity = it.of("web:2").template().struct("spec", "affinity", "podAntiAffinity");
    assertThat(affinity.structs("requiredDuringSchedulingIgnoredDuringExecution").toString())
        .contains("\"key\":\"" + Labels.HASH + "\"")
        .contains(it.of("web:1").hash());
    it.promote();
    it.settle();
    it.undo();
    it.settle();
    assertThat(it.sets()).hasSize(2);
    assertThat(it.phase()).isEqualTo("Paused BlueGreenPause");
  }

  @Test
  void anotherTemplateWithTheSameHashIsToldApart() {
    it.rollout(1, "canary: {}");
    ReplicaSet set = it.of("web:1");
    it.cluster.delete(DeliveryResources.ROLLOUTS, "web");
    it.settle();
    it.cluster.create(
        REPLICA_SETS,
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: %s, namespace: default}
        spec:
          replicas: 0
          selector: {matchLabels: {app: other}}
          template:
            metadata: {labels: {app: other}}
            spec: {containers: [{name: app, image: "other:1"}]}
        """
            .formatted(set.name()));
    it.rollout(1, "canary: {}");
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.status().integer("collisionCount")).isEqualTo(1);
    assertThat(it.of("web:1").name()).isNotEqualTo(set.name());
  }
}
